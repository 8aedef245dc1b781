"""MySQL and MariaDB: adding, dropping and altering columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp, DropColumnOp

from ...core.effect import Blocks, Effect
from ...core.functions import Volatility, called_functions, default_sql, named_in, volatility
from ...core.state import IndexState
from ...core.types import describe
from .change import Change
from .mysql_types import type_way
from .mysql_ways import (
    DESCRIPTION,
    INSTANT,
    MEASURED,
    REBUILD,
    REBUILD_BLOCKING,
    Way,
    copies,
    effect,
    entry,
    indexes,
    waits,
    worst,
)

# MariaDB computes other defaults once for the whole table, even rand(): measured on MariaDB 10.11.19 and 11.8.9.
_FOR_EACH_ROW = frozenset(
    (
        "uuid",
        "uuid_short",
        "uuid_v4",
        "uuid_v7",
        "sys_guid",
        "sysdate",
        "nextval",
        "utc_timestamp",
        "random_bytes",
    )
)
PARENT_WAITS = (
    "writes to the parent wait until the child is checked; measured on MariaDB 10.11.19 and MySQL 9.7.4"
)


@entry.register(AddColumnOp)
def _add_column(op: AddColumnOp, change: Change) -> Iterator[Effect]:
    yield effect(change.table, worst(*_ways_to_add(op, change)))
    if change.server.engine == "mysql" and op.inline_references and not change.server.at_least(9):
        return  # REFERENCES behind a column is read and forgotten (MySQL 8.4 manual).
    for key in op.column.foreign_keys:
        yield effect(change.table, copies(change.server))
        yield waits(key.target_fullname.rpartition(".")[0], Blocks.WRITES, PARENT_WAITS)


def _ways_to_add(op: AddColumnOp, change: Change) -> Iterator[Way]:
    column, server = op.column, change.server
    yield _adding(change)
    if is_auto_increment(column):
        yield REBUILD_BLOCKING
    elif column.primary_key:
        yield REBUILD
    if column.computed is not None and column.computed.persisted:
        yield copies(server)
    if column.server_default is not None:
        yield _default_way(column, change)
    if column.unique or column.index:
        yield indexes(server) if change.step.source == "op" else REBUILD
    yield from _checked(column, change)


def _checked(column: sa.Column[Any], change: Change) -> Iterator[Way]:
    inline = any(isinstance(constraint, sa.CheckConstraint) for constraint in column.constraints)
    if inline and change.server.engine == "mariadb":
        yield replace(INSTANT, evidence=f"rows that are there are not checked; {MEASURED}")
    elif (inline or has_bound_check(column.type)) and checks_are_kept(change):
        yield copies(change.server)


def has_bound_check(type_: Any) -> bool:
    """True if Alembic adds a CHECK constraint together with a column of this type."""
    if isinstance(type_, sa.Enum):
        return bool(type_.create_constraint) and not type_.native_enum
    return isinstance(type_, sa.Boolean) and bool(type_.create_constraint)


def checks_are_kept(change: Change) -> bool:
    """False on MySQL before 8.0.16, which reads CHECK and forgets it (MySQL 8.0 manual)."""
    return (
        change.server.engine == "mariadb"
        or change.server.at_least(8, 0, 16)
        or change.server.version == (8, 0)
    )


def is_auto_increment(column: sa.Column[Any]) -> bool:
    """True if the server numbers the rows."""
    if column.autoincrement is True or column.identity is not None:
        return True
    whole = isinstance(column.type, sa.Integer) and not column.foreign_keys
    return bool(column.primary_key and column.autoincrement == "auto" and whole)


def _adding(change: Change) -> Way:
    """Return how any column is added to this table: what else stands in it can make that slow."""
    table, server = change.known, change.server
    has_fulltext = table is not None and any(is_fulltext(index) for index in table.indexes.values())
    if has_fulltext:
        return REBUILD_BLOCKING if server.engine == "mariadb" else copies(server)
    if table is not None and "compress" in table.options.get("row format", "").lower():
        return REBUILD
    if server.engine == "mysql":
        return _adding_on_mysql(change)
    computed = {column.name for column in table.columns.values() if column.computed} if table else set()
    if change.has("position") and computed:
        return copies(server, f"MariaDB copies a table with virtual columns; {MEASURED}")
    if table is not None and any(computed & set(index.columns) for index in table.indexes.values()):
        return REBUILD_BLOCKING
    return INSTANT


def _adding_on_mysql(change: Change) -> Way:
    if change.has("position") and not change.server.at_least(8, 0, 29):
        return replace(
            REBUILD, evidence="MySQL 8.0 manual: another place than the last is INSTANT from 8.0.29"
        )
    if not change.server.at_least(8, 0, 12) and change.server.version != (8, 0):
        return replace(REBUILD, evidence="MySQL 8.0 manual: INSTANT from 8.0.12")
    return INSTANT


def is_fulltext(index: IndexState) -> bool:
    """True for a FULLTEXT index."""
    return (index.method or "").lower() == "fulltext"


def _default_way(column: sa.Column[Any], change: Change) -> Way:
    sql = default_sql(column.server_default, change.server) or ""
    if change.server.engine == "mysql":
        bracketed = _is_bracketed(sql, change)
        return copies(change.server, f"default expression; {MEASURED}") if bracketed else INSTANT
    names = set(called_functions(sql))
    others = change.known.columns if change.known else {}
    if names & _FOR_EACH_ROW or named_in(sql) & set(others):
        return copies(change.server, f"the default is computed for each row; {MEASURED}")
    if volatility(column.server_default, change.server) is Volatility.UNKNOWN:
        return copies(
            change.server, "the default calls a function that is not known here: the worst is assumed"
        )
    return INSTANT


def _is_bracketed(sql: str, change: Change) -> bool:
    """True for `DEFAULT (...)`, which is an expression to MySQL even where it is a constant.

    SQLAlchemy 2.1 brackets whatever is more than a word, so that `func.now()` is one as well: `CURRENT_TIMESTAMP`
    is not.
    """
    text = sql.strip()
    if text.startswith("(") or change.step.source == "sql":
        return text.startswith("(")
    plain = re.match(r"[\'\"]|(?:now|current_timestamp)\(\d+\)", text, re.IGNORECASE)
    return (
        plain is None
        and re.search(r"on +update", text, re.IGNORECASE) is None
        and re.search(r"\W", text) is not None
    )


@entry.register(DropColumnOp)
def _drop_column(op: DropColumnOp, change: Change) -> Iterator[Effect]:
    yield effect(change.table, _dropping(op.column_name, change))


def _dropping(column: str, change: Change) -> Way:
    table, server = change.known, change.server
    if table is None:
        return INSTANT
    keys = (c.columns for c in table.constraints if c.kind in ("unique", "primary key"))
    held = [columns for columns in (*keys, *(i.columns for i in table.indexes.values())) if column in columns]
    if any(len(columns) > 1 for columns in held):
        return REBUILD  # An index of several columns shrinks.
    if held:
        return Way("NOCOPY") if server.engine == "mariadb" else REBUILD
    adding = _adding(replace_position(change))
    if adding.rewrites:
        return adding
    if server.engine == "mysql" and not server.at_least(8, 0, 29):
        return replace(REBUILD, evidence="MySQL 8.0 manual: INSTANT from 8.0.29")
    return INSTANT


def replace_position(change: Change) -> Change:
    """Return the change without the place of the column, which means nothing when it goes."""
    clauses = {key: value for key, value in change.step.clauses.items() if key != "position"}
    return replace(change, step=replace(change.step, clauses=clauses))


@entry.register(AlterColumnOp)
def _alter_column(op: AlterColumnOp, change: Change) -> Iterator[Effect]:
    yield effect(change.table, worst(*_ways_to_alter(op, change)))


def _ways_to_alter(op: AlterColumnOp, change: Change) -> Iterator[Way]:
    yield INSTANT  # A default or a comment.
    if op.modify_name is not None and op.modify_name != op.column_name:
        yield _renaming(op.column_name, change)
    if _changes_nullability(op, change):
        yield _nullability(change)
    if _begins_to_count(op, change):
        yield Way("COPY", "SHARED", rewrites=True)
    restates = op.modify_type is not None or op.modify_nullable is not None or op.modify_comment is not False
    new = op.modify_type if op.modify_type is not None else op.existing_type
    if new is not None and (restates or op.modify_name is not None):
        yield _type_way(op, new, change)
    if change.has("position"):
        yield INSTANT if change.server.engine == "mariadb" else REBUILD


def _begins_to_count(op: AlterColumnOp, change: Change) -> bool:
    """True if the column becomes AUTO_INCREMENT; repeating that it is one costs nothing."""
    column = change.column(op.column_name)
    counted = column.autoincrement if column is not None else op.kw.get("existing_autoincrement")
    return bool(op.kw.get("mysql_autoincrement") or op.kw.get("autoincrement")) and not counted


def _renaming(column: str, change: Change) -> Way:
    if change.server.engine == "mariadb":
        return INSTANT
    referenced = any(column in key.referred_columns for _, key in change.state.referencing(change.table))
    if referenced or not change.server.at_least(8, 0, 28):
        return DESCRIPTION
    return INSTANT


def _changes_nullability(op: AlterColumnOp, change: Change) -> bool:
    if op.modify_nullable is None:
        return False
    column = change.column(op.column_name)
    known = column.nullable if column is not None and column.nullable is not None else op.existing_nullable
    return known is None or known != op.modify_nullable


def _nullability(change: Change) -> Way:
    computed = change.known is not None and any(column.computed for column in change.known.columns.values())
    if computed and change.server.engine == "mariadb":
        return copies(change.server, f"MariaDB copies where a stored column depends on it; {MEASURED}")
    return REBUILD


def _type_way(op: AlterColumnOp, new: Any, change: Change) -> Way:
    column = change.column(op.column_name)
    old = column.type if column is not None and column.type is not None else op.existing_type
    return type_way(
        describe(old, change.server),
        describe(new, change.server),
        change.server,
        indexed=_is_indexed(op.column_name, change),
        charset=change.known.options.get("charset") if change.known else None,
    )


def _is_indexed(column: str, change: Change) -> bool:
    if change.known is None:
        return True
    keys = (c.columns for c in change.known.constraints if c.kind in ("primary key", "unique", "foreign key"))
    return any(column in columns for columns in keys) or any(True for _ in change.known.indexes_on(column))
