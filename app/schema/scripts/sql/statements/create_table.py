"""`CREATE TABLE` in all its forms, and `DROP TABLE`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from ....core.ops import CreatePartitionOp, DmlOp
from .. import queries
from ..clauses import behaviour, if_exists, if_not_exists, online, query_text, word_or_string
from ..columns import read_column
from ..constraints import at_constraint, read_constraint
from ..cursor import NotUnderstood
from ..items import constraint_operation, make_column, schema_item
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..constraints import Constraint
    from ..cursor import Cursor

_PREFIXES = ("TEMP", "TEMPORARY", "UNLOGGED")


@dataclass
class _Table:
    schema: str | None
    name: str
    items: list[Any] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    clauses: dict[str, str] = field(default_factory=dict)
    query: str | None = None
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[ops.MigrateOperation] = field(default_factory=list)


def create_table(cursor: Cursor) -> Iterator[Made]:
    """Read the rest of `CREATE TABLE`."""
    skips = if_not_exists(cursor)
    table = _Table(*cursor.qualified())
    prefixes = [word for word in _PREFIXES if word in cursor.modifiers]
    if prefixes:
        table.options["prefixes"] = prefixes
        table.clauses |= {word.lower(): "" for word in prefixes}
    if cursor.accept("PARTITION", "OF"):
        yield _partition(cursor, table)
        return
    if cursor.at("(") and not cursor.at("(", "SELECT"):
        _items(cursor.group(), table, cursor)
    _endings(cursor, table)
    _add_constraints(table, folds=cursor.server.engine != "postgresql")
    if "REPLACE" in cursor.modifiers:
        yield Made(ops.DropTableOp(table.name, schema=table.schema, if_exists=True), {"replace": ""})
    yield Made(_operation(table, skips=skips), table.clauses)
    yield from map(Made, table.indexes)
    if table.query is not None:
        yield _filling(table)


def _operation(table: _Table, *, skips: bool) -> ops.CreateTableOp:
    exists = skips or None
    return ops.CreateTableOp(
        table.name, table.items, schema=table.schema, if_not_exists=exists, **table.options
    )


def _filling(table: _Table) -> Made:
    return Made(DmlOp(table.name, table.schema, "insert", from_query=True, sql=table.query or ""))


def _partition(cursor: Cursor, table: _Table) -> Made:
    schema, parent = cursor.qualified()
    if cursor.at("("):
        cursor.group()
    default = cursor.at("DEFAULT")
    cursor.rest()
    name = f"{table.schema}.{table.name}" if table.schema else table.name
    return Made(CreatePartitionOp(parent, schema, name, default), table.clauses)


def _items(group: Cursor, table: _Table, statement: Cursor) -> None:
    for item in group.items():
        if item.accept("LIKE"):
            table.clauses["like"] = _key(item)
            item.rest()
        elif item.at("PERIOD", "FOR"):
            item.rest()
        elif at_constraint(item):
            _constraint(item, table)
        else:
            _column(item, table, statement.server.engine)
        item.expect_end()


def _key(cursor: Cursor) -> str:
    schema, name = cursor.qualified()
    return f"{schema}.{name}" if schema else name


def _constraint(item: Cursor, table: _Table) -> None:
    constraint = read_constraint(item)
    if constraint.kind == "not null":
        column = next(
            (c for c in table.items if isinstance(c, sa.Column) and c.name == constraint.columns[0]), None
        )
        if column is not None:
            column.nullable = False
        return
    table.constraints.append(constraint)


def _add_constraints(table: _Table, *, folds: bool) -> None:
    """Add the constraints, once all columns are known.

    MySQL and SQLite find a column whatever the case of its name is written in. A constraint on a column that comes
    from another table (LIKE, INHERITS) has nothing to be attached to and is left out.
    """
    columns = [column.name for column in table.items if isinstance(column, sa.Column)]
    names = {(name.lower() if folds else name): name for name in columns}
    if len(names) < len(columns):
        raise NotUnderstood("two of its columns have one name")
    for constraint in table.constraints:
        constraint.columns = [names.get(name.lower() if folds else name, name) for name in constraint.columns]
        constraint.index = [replace(i, name=names.get(i.name.lower(), i.name)) for i in constraint.index]
        missing = [] if constraint.kind == "check" else _missing(constraint, columns)
        if not missing:
            _add(table, constraint)
        elif not table.clauses.keys() & {"like", "inherits", "of", "as"}:
            raise NotUnderstood(f"a constraint names a column {missing[0]} that is not there")


def _add(table: _Table, constraint: Constraint) -> None:
    """Add a constraint. An index follows as an operation: in a table Alembic could build it only once."""
    if constraint.kind == "index":
        table.indexes.append(constraint_operation(constraint, table.name, table.schema))
    else:
        table.items.append(schema_item(constraint))


def _missing(constraint: Constraint, columns: list[str]) -> list[str]:
    expressions = {part.name for part in constraint.index if part.expression}
    return [name for name in constraint.columns if name not in columns and name not in expressions]


def _column(item: Cursor, table: _Table, engine: str) -> None:
    spec = read_column(item)
    table.items.append(make_column(spec, engine, in_create=True))
    if spec.autoincrement_keyword and engine == "sqlite":
        table.options["sqlite_autoincrement"] = True


def _endings(cursor: Cursor, table: _Table) -> None:
    readers = {"postgresql": _postgresql, "mysql": _mysql}
    reader = readers.get(cursor.server.dialect_name, _sqlite)
    while not cursor.done:
        if cursor.at_any(("AS", "SELECT", "WITH", "(", "TABLE", "VALUES", "IGNORE", "REPLACE")) and _query(
            cursor, table
        ):
            return
        if not reader(cursor, table):
            raise cursor.surprise("a table option")
        cursor.accept(",")


def _query(cursor: Cursor, table: _Table) -> bool:
    if cursor.at("WITH", "SYSTEM"):
        return False
    if cursor.at("WITH", "(") and cursor.server.engine == "postgresql":
        return False
    cursor.accept_any("IGNORE", "REPLACE")
    cursor.accept("AS")
    query, behind = query_text(cursor)
    table.clauses["as"] = ""
    if behind != "WITH NO DATA":
        table.query = query
    if not table.items:
        names = queries.projected(query, cursor.server)
        table.items += [sa.Column(name, sa.types.NullType()) for name in names]
    return True


def _postgresql(cursor: Cursor, table: _Table) -> bool:
    if cursor.accept("PARTITION", "BY"):
        strategy = cursor.word()
        table.options["postgresql_partition_by"] = f"{strategy} ({cursor.group().everything()})"
    elif cursor.accept("INHERITS"):
        table.clauses["inherits"] = ",".join(_key(item) for item in cursor.group().items())
    elif cursor.accept("TABLESPACE"):
        table.options["postgresql_tablespace"] = cursor.name()
    elif cursor.accept("USING"):
        table.options["postgresql_using"] = cursor.name()
    elif cursor.accept("ON", "COMMIT"):
        table.options["postgresql_on_commit"] = cursor.rest().upper()
    elif cursor.accept("OF"):
        table.clauses["of"] = _key(cursor)
    elif cursor.accept("WITH"):
        table.options["postgresql_with"] = _parameters(cursor.group())
    else:
        return cursor.accept("WITHOUT", "OIDS")
    return True


def _parameters(group: Cursor) -> dict[str, str]:
    found = {}
    for item in group.items():
        name, _, value = item.everything().partition("=")
        found[name.strip()] = value.strip()
    return found


def _mysql(cursor: Cursor, table: _Table) -> bool:
    if cursor.at("PARTITION", "BY"):
        cursor.expect("PARTITION", "BY")
        table.options["mysql_partition_by"] = cursor.rest()
        return True
    if cursor.accept("WITH", "SYSTEM", "VERSIONING"):
        return True
    if cursor.accept("LIKE"):
        table.clauses["like"] = _key(cursor)
        return True
    cursor.accept("DEFAULT")
    words = "character_set" if cursor.accept("CHARACTER", "SET") else cursor.word().lower()
    cursor.accept("=")
    value = cursor.group().everything() if cursor.at("(") else word_or_string(cursor)
    if words == "comment":
        table.options["comment"] = value
    else:
        table.options[f"mysql_{words}"] = value
    return True


def _sqlite(cursor: Cursor, table: _Table) -> bool:
    if cursor.accept("WITHOUT", "ROWID"):
        table.options["sqlite_with_rowid"] = False
        return True
    table.options["sqlite_strict"] = True
    return cursor.accept("STRICT")


def create_virtual_table(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE TABLE name USING module (…)` of SQLite and `CREATE FOREIGN TABLE` of PostgreSQL."""
    skips = if_not_exists(cursor)
    table = _Table(*cursor.qualified(), clauses={"virtual": ""})
    cursor.rest()
    yield Made(_operation(table, skips=skips), table.clauses)


def create(cursor: Cursor) -> Iterator[Made]:
    """Read a table of rows, or a virtual one."""
    return create_virtual_table(cursor) if "VIRTUAL" in cursor.modifiers else create_table(cursor)


def drop_table(cursor: Cursor) -> Iterator[Made]:
    """Read `DROP TABLE a, b`: one operation for each table."""
    skips = if_exists(cursor)
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    clauses = behaviour(cursor) | online(cursor)
    clauses |= {word.lower(): "" for word in _PREFIXES if word in cursor.modifiers}
    for schema, name in names:
        yield Made(ops.DropTableOp(name, schema=schema, if_exists=skips or None), clauses)


STATEMENTS = {
    ("CREATE", "TABLE"): create,
    ("CREATE", "FOREIGN", "TABLE"): create_virtual_table,
    ("DROP", "TABLE"): drop_table,
    ("DROP", "TABLES"): drop_table,
    ("DROP", "FOREIGN", "TABLE"): drop_table,
}
