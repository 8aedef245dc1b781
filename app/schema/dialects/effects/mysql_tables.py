"""MySQL and MariaDB: constraints, indexes, whole tables, rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa
from alembic.operations.ops import (
    BulkInsertOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateTableCommentOp,
    CreateTableOp,
    CreateUniqueConstraintOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    MigrateOperation,
    RenameTableOp,
)

from ...core.effect import Blocks, Effect
from ...core.index_keys import column_of
from ...core.ops import (
    DatabaseOp,
    DmlOp,
    FunctionOp,
    HarmlessOp,
    LockTableOp,
    RenameIndexOp,
    RewriteTableOp,
    SchemaOp,
    SelectOp,
    SequenceOp,
    SettingOp,
    TableOptionOp,
    TransactionOp,
    TriggerOp,
    TruncateOp,
    ViewOp,
)
from .change import Change, key_of
from .mysql_columns import PARENT_WAITS, checks_are_kept, is_fulltext
from .mysql_ways import (
    BRIEFLY,
    DESCRIPTION,
    INSTANT,
    MEASURED,
    REBUILD,
    REBUILD_BLOCKING,
    UNKNOWN,
    Way,
    copies,
    describes,
    effect,
    entry,
    indexes,
    waits,
)

_ROWS = "row locks"
# Options that InnoDB only notes; "visibility of" a column likewise (MySQL 8.4 manual).
_DESCRIBING = (
    "AVG_ROW_LENGTH", "CHECKSUM", "CONNECTION", "DELAY_KEY_WRITE", "MAX_ROWS", "MIN_ROWS", "PACK_KEYS",
    "STATS_AUTO_RECALC", "STATS_PERSISTENT", "STATS_SAMPLE_PAGES", "VISIBILITY",
)  # fmt: skip


@entry.register(CreateIndexOp)
def _create_index(op: CreateIndexOp, change: Change) -> Iterator[Effect]:
    yield effect(change.table, _index_way(op, change))


def _index_way(op: CreateIndexOp, change: Change) -> Way:
    kind = str(op.kw.get("mysql_prefix") or op.kw.get("mariadb_prefix") or "").upper()
    way = indexes(change.server)
    if kind == "FULLTEXT":
        first = change.known is None or not any(is_fulltext(index) for index in change.known.indexes.values())
        return REBUILD_BLOCKING if first else replace(way, lock="SHARED")
    has_expressions = any(column_of(column) is None for column in op.columns)
    blocks = kind == "SPATIAL" or (has_expressions and change.server.engine == "mysql")
    return replace(way, lock="SHARED") if blocks else way


@entry.register(CreateUniqueConstraintOp)
def _create_unique(op: CreateUniqueConstraintOp, change: Change) -> Iterator[Effect]:
    del op
    yield effect(change.table, indexes(change.server))


@entry.register(CreatePrimaryKeyOp)
def _create_primary_key(op: CreatePrimaryKeyOp, change: Change) -> Iterator[Effect]:
    del op
    yield effect(change.table, REBUILD)


@entry.register(CreateForeignKeyOp)
def _create_foreign_key(op: CreateForeignKeyOp, change: Change) -> Iterator[Effect]:
    # With foreign_key_checks=0 nothing is copied and nothing is checked; that the setting is off is not assumed.
    yield effect(change.table, copies(change.server))
    yield waits(key_of(op.referent_table, op.kw.get("referent_schema")), Blocks.WRITES, PARENT_WAITS)


@entry.register(CreateCheckConstraintOp)
def _create_check(op: CreateCheckConstraintOp, change: Change) -> Iterator[Effect]:
    del op
    enforced = checks_are_kept(change) and not change.has("not_enforced")
    yield effect(change.table, copies(change.server) if enforced else INSTANT)


@entry.register(DropConstraintOp)
def _drop_constraint(op: DropConstraintOp, change: Change) -> Iterator[Effect]:
    known = change.known.constraint(str(op.constraint_name)) if change.known else None
    kind = op.constraint_type or (known.kind if known else "")
    ways = {
        "primary": copies(change.server),
        "primary key": copies(change.server),
        "check": INSTANT,
        "unique": _dropping_index(change),
        "foreignkey": describes(change.server),
        "foreign key": describes(change.server),
    }
    yield effect(change.table, ways.get(kind, UNKNOWN))


def _dropping_index(change: Change) -> Way:
    return Way("NOCOPY") if change.server.engine == "mariadb" else DESCRIPTION


@entry.register(DropIndexOp)
def _drop_index(op: DropIndexOp, change: Change) -> Iterator[Effect]:
    found = change.state.index(str(op.index_name))
    table = change.table or (found[0].key if found else "")
    if table:
        yield effect(table, _dropping_index(change))


@entry.register(RenameIndexOp)
def _rename_index(op: RenameIndexOp, change: Change) -> Iterator[Effect]:
    del op
    if change.table:
        yield effect(change.table, describes(change.server))


@entry.register(CreateTableOp)
def _create_table(op: CreateTableOp, change: Change) -> Iterator[Effect]:
    yield waits(change.table, Blocks.NOBODY, "a table that was not there has no users")
    for parent in sorted(
        {fk.target_fullname.rpartition(".")[0] for fk in _foreign_keys(op)} - {change.table}
    ):
        yield waits(
            parent, Blocks.READS_AND_WRITES, "MySQL 8.4 manual: an exclusive metadata lock, for a moment"
        )


def _foreign_keys(op: CreateTableOp) -> Iterator[sa.ForeignKey]:
    for item in op.columns:
        if isinstance(item, sa.Column):
            yield from item.foreign_keys
        elif isinstance(item, sa.ForeignKeyConstraint):
            yield from item.elements


@entry.register(DropTableOp)
@entry.register(RenameTableOp)
def _whole_table(op: MigrateOperation, change: Change) -> Iterator[Effect]:
    del op
    yield effect(change.table, BRIEFLY)


@entry.register(TruncateOp)
def _truncate(op: TruncateOp, change: Change) -> Iterator[Effect]:
    del change
    yield from (effect(table, BRIEFLY) for table in op.tables)


@entry.register(CreateTableCommentOp)
@entry.register(DropTableCommentOp)
def _comment(op: MigrateOperation, change: Change) -> Iterator[Effect]:
    del op
    yield effect(change.table, describes(change.server))


@entry.register(TableOptionOp)
def _table_option(op: TableOptionOp, change: Change) -> Iterator[Effect]:
    yield effect(change.table, _option_way(op, change))


def _option_way(op: TableOptionOp, change: Change) -> Way:
    word = (op.value or "").partition(" ")[0].upper() if op.option == "other" else ""
    if op.option in ("charset", "comment", "auto_increment", "statistics") or word in _DESCRIBING:
        return describes(change.server)
    if op.option in ("row format", "force") or word == "KEY_BLOCK_SIZE":
        return REBUILD
    if op.option == "engine":
        return REBUILD if (op.value or "").lower() == "innodb" else copies(change.server)
    if op.option in ("convert charset", "partition"):
        return copies(change.server)
    return UNKNOWN


@entry.register(RewriteTableOp)
def _rewrite_table(op: RewriteTableOp, change: Change) -> Iterator[Effect]:
    del op
    if change.table:
        yield effect(
            change.table, replace(REBUILD, evidence="MySQL 8.4 and MariaDB manuals: OPTIMIZE rebuilds")
        )


@entry.register(TriggerOp)
def _trigger(op: TriggerOp, change: Change) -> Iterator[Effect]:
    del op
    yield waits(
        change.table, Blocks.READS_AND_WRITES, "MySQL 8.4 manual: an exclusive metadata lock, for a moment"
    )


@entry.register(LockTableOp)
def _lock_table(op: LockTableOp, change: Change) -> Iterator[Effect]:
    del change
    blocks = Blocks.WRITES if "READ" in op.mode else Blocks.READS_AND_WRITES
    yield from (waits(table, blocks, MEASURED, f"LOCK TABLES {op.mode}") for table in op.tables)


@entry.register(DmlOp)
def _change_rows(op: DmlOp, change: Change) -> Iterator[Effect]:
    scans = op.kind in ("update", "delete", "merge") and not op.limited
    yield Effect(
        change.table, _ROWS, Blocks.NOBODY, scans=scans, evidence="InnoDB locks the rows that it changes"
    )


@entry.register(BulkInsertOp)
def _insert_rows(op: BulkInsertOp, change: Change) -> Iterator[Effect]:
    table = change.table or key_of(op.table.name, op.table.schema)
    yield Effect(table, _ROWS, Blocks.NOBODY, evidence="InnoDB locks the rows that it inserts")


@entry.register(DatabaseOp)
@entry.register(FunctionOp)
@entry.register(HarmlessOp)
@entry.register(SchemaOp)
@entry.register(SelectOp)
@entry.register(SequenceOp)
@entry.register(SettingOp)
@entry.register(TransactionOp)
@entry.register(ViewOp)
def _no_table(op: MigrateOperation, change: Change) -> Iterator[Effect]:
    del op, change
    yield from ()
