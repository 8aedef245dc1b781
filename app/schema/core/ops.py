"""Schema changes that Alembic has no operation for.

They extend the one alphabet for changes, Alembic's operation objects, by what raw SQL can say. `scripts.sql` makes
them from SQL, so that a change is judged alike whether it was written as `op.…` or as `op.execute("…")`.
Where Alembic has an operation, that one is used, and what only SQL can say about it stands in
`RecordedOp.clauses` (`cascade`, `algorithm`, `lock`, …) or in the operation's `kw` under the dialect's name
(`postgresql_concurrently`, `postgresql_not_valid`, `postgresql_using`, `postgresql_using_index`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


@dataclass(eq=False)
class CreateEnumOp(MigrateOperation):
    """`CREATE TYPE … AS ENUM (…)`."""

    name: str
    values: tuple[str, ...]
    schema: str | None = None


@dataclass(eq=False)
class AddEnumValueOp(MigrateOperation):
    """`ALTER TYPE … ADD VALUE …`; `position` is before, after or None."""

    name: str
    value: str
    schema: str | None = None
    if_not_exists: bool = False
    position: str | None = None


@dataclass(eq=False)
class RenameEnumValueOp(MigrateOperation):
    """`ALTER TYPE … RENAME VALUE … TO …`."""

    name: str
    value: str
    new_value: str
    schema: str | None = None


@dataclass(eq=False)
class RenameTypeOp(MigrateOperation):
    """`ALTER TYPE … RENAME TO …`."""

    name: str
    new_name: str
    schema: str | None = None


@dataclass(eq=False)
class DropTypeOp(MigrateOperation):
    """`DROP TYPE …` or `DROP DOMAIN …`."""

    name: str
    schema: str | None = None
    if_exists: bool = False
    cascade: bool = False


@dataclass(eq=False)
class CreateDomainOp(MigrateOperation):
    """`CREATE DOMAIN …`; `constrained` is true if it has a CHECK or is NOT NULL."""

    name: str
    base_type: str
    constrained: bool = False
    schema: str | None = None


@dataclass(eq=False)
class AlterDomainOp(MigrateOperation):
    """`ALTER DOMAIN …`.

    `action` is add check, add check not valid, validate, set not null, drop not null, set default,
    drop default, drop constraint or other.
    """

    name: str
    action: str
    schema: str | None = None


@dataclass(eq=False)
class ViewOp(MigrateOperation):
    """A view; `action` is create, replace, drop or refresh."""

    name: str
    action: str
    schema: str | None = None
    materialized: bool = False
    concurrently: bool = False
    cascade: bool = False
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(eq=False)
class SequenceOp(MigrateOperation):
    """A sequence; `action` is create, alter or drop, `type_name` what `AS` says, `owned_by` a `table.column`."""

    name: str
    action: str
    schema: str | None = None
    type_name: str | None = None
    owned_by: str | None = None
    cascade: bool = False


@dataclass(eq=False)
class FunctionOp(MigrateOperation):
    """A function or procedure; `action` is create, replace, alter or drop."""

    name: str
    action: str
    schema: str | None = None
    cascade: bool = False


@dataclass(eq=False)
class SchemaOp(MigrateOperation):
    """A schema; `action` is create, drop or rename."""

    name: str
    action: str
    new_name: str | None = None
    cascade: bool = False


@dataclass(eq=False)
class DatabaseOp(MigrateOperation):
    """A database; `action` is create, alter or drop."""

    name: str
    action: str


@dataclass(eq=False)
class ExtensionOp(MigrateOperation):
    """A PostgreSQL extension; `action` is create, alter or drop."""

    name: str
    action: str
    if_not_exists: bool = False
    cascade: bool = False


@dataclass(eq=False)
class PublicationOp(MigrateOperation):
    """A publication; `action` is create, alter or drop."""

    name: str
    action: str
    tables: tuple[str, ...] = ()


@dataclass(eq=False)
class DmlOp(TableOp):
    """A statement that changes rows.

    `kind` is insert, update, delete or merge. `where` is true if a condition limits the rows (a condition that is
    always true does not count), `limited` if LIMIT, a key range or a list of keys bounds one statement to a batch.
    `columns` are those written, `from_query` is true for INSERT … SELECT.
    """

    kind: str = "update"
    where: bool = False
    limited: bool = False
    columns: tuple[str, ...] = ()
    from_query: bool = False
    sql: str = ""


@dataclass(eq=False)
class SelectOp(MigrateOperation):
    """A statement that only reads."""

    sql: str = ""
    tables: tuple[str, ...] = ()


@dataclass(eq=False)
class TransactionOp(MigrateOperation):
    """Transaction control; `kind` is begin, commit, rollback, savepoint or release."""

    kind: str


@dataclass(eq=False)
class SettingOp(MigrateOperation):
    """`SET`, `SET LOCAL`, `SET SESSION`, `PRAGMA name = value`, `SELECT set_config(…)`.

    `scope` is session, transaction or global; `value` is None for RESET.
    """

    name: str
    value: str | None
    scope: str = "session"


@dataclass(eq=False)
class HarmlessOp(MigrateOperation):
    """A statement that changes no table's definition and holds no lock worth naming: COMMENT, GRANT, ANALYZE, …"""

    kind: str
    table_name: str | None = None
    schema: str | None = None


@dataclass(eq=False)
class OpaqueOp(MigrateOperation):
    """Something that could not be understood: it is never taken for safe.

    `reason` completes the sentence "This cannot be judged because …". `cause` is statement (one that is not
    understood), data (the revision depends on what the database holds), import (a module that is not there), load
    (the file cannot be loaded) or stop (the function ends with an exception).
    """

    reason: str
    sql: str | None = None
    cause: Literal["statement", "data", "import", "load", "stop"] = "statement"
