"""Changes of tables, their constraints, indexes, partitions and triggers."""

from __future__ import annotations

from dataclasses import dataclass

from alembic.operations.ops import MigrateOperation


@dataclass(eq=False)
class TableOp(MigrateOperation):
    """Base of the changes that name one table."""

    table_name: str
    schema: str | None = None


@dataclass(eq=False)
class ValidateConstraintOp(TableOp):
    """`ALTER TABLE … VALIDATE CONSTRAINT …` (PostgreSQL)."""

    constraint_name: str = ""


@dataclass(eq=False)
class RenameConstraintOp(TableOp):
    """`ALTER TABLE … RENAME CONSTRAINT … TO …`."""

    constraint_name: str = ""
    new_name: str = ""


@dataclass(eq=False)
class RenameIndexOp(MigrateOperation):
    """`ALTER INDEX … RENAME TO …` or `ALTER TABLE … RENAME INDEX … TO …`."""

    index_name: str
    new_name: str
    table_name: str | None = None
    schema: str | None = None


@dataclass(eq=False)
class AddExclusionOp(TableOp):
    """`ALTER TABLE … ADD CONSTRAINT … EXCLUDE …` (PostgreSQL)."""

    constraint_name: str | None = None


@dataclass(eq=False)
class TableOptionOp(TableOp):
    """One `ALTER TABLE` action that sets a property of a whole table or of a column's storage.

    `option` is one of: logged, unlogged, tablespace, access method, owner, set schema, row level security,
    replica identity, storage parameters, statistics, column storage, column compression, cluster on,
    inherit, no inherit, enable trigger, disable trigger (PostgreSQL); engine, row format, charset,
    convert charset, auto_increment, force, partition, comment, other (MySQL and MariaDB).
    """

    option: str = "other"
    value: str | None = None


@dataclass(eq=False)
class RewriteTableOp(MigrateOperation):
    """`CLUSTER`, `VACUUM FULL`, `REPACK`, `OPTIMIZE TABLE`: the table is written anew."""

    command: str
    table_name: str | None = None
    schema: str | None = None
    concurrently: bool = False


@dataclass(eq=False)
class ReindexOp(MigrateOperation):
    """`REINDEX`; `kind` is index, table, schema, database or system."""

    kind: str
    name: str | None
    schema: str | None = None
    concurrently: bool = False


@dataclass(eq=False)
class TruncateOp(MigrateOperation):
    """`TRUNCATE` of one or several tables."""

    tables: tuple[str, ...]
    cascade: bool = False


@dataclass(eq=False)
class LockTableOp(MigrateOperation):
    """`LOCK TABLE …`; `mode` in capitals, such as ACCESS EXCLUSIVE."""

    tables: tuple[str, ...]
    mode: str


@dataclass(eq=False)
class CreatePartitionOp(TableOp):
    """`CREATE TABLE partition PARTITION OF table_name …`."""

    partition: str = ""
    default: bool = False


@dataclass(eq=False)
class AttachPartitionOp(TableOp):
    """`ALTER TABLE … ATTACH PARTITION …`."""

    partition: str = ""
    default: bool = False


@dataclass(eq=False)
class DetachPartitionOp(TableOp):
    """`ALTER TABLE … DETACH PARTITION … [CONCURRENTLY | FINALIZE]`."""

    partition: str = ""
    concurrently: bool = False


@dataclass(eq=False)
class AttachIndexOp(MigrateOperation):
    """`ALTER INDEX … ATTACH PARTITION …`."""

    index_name: str
    partition_index: str


@dataclass(eq=False)
class TriggerOp(TableOp):
    """`action` is create, replace, drop or rename; switching triggers on and off is a `TableOptionOp`."""

    name: str = ""
    action: str = "create"


@dataclass(eq=False)
class TableRuleOp(TableOp):
    """A policy or a rewrite rule of a table; `kind` is policy or rule, `action` create, alter or drop."""

    kind: str = "policy"
    name: str = ""
    action: str = "create"
