"""SQLite's schema table and its pragmas as table functions: four queries for the whole file.

What a virtual table keeps in tables of its own (its shadow tables) is left out.
Source: https://sqlite.org/pragma.html#pragfunc
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ...core.snapshot import Other, Snapshot, Table
from ...core.table_parts import Attachment, Column, Constraint, Index
from .sqlite_sql import Declared, DeclaredTable, bracket, declared, normal, split, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    Wanted = Callable[[str | None, str], bool]
    Rows = Mapping[str, Sequence[Row[Any]]]

_STATEMENTS = """
    SELECT m.type, m.name, m.tbl_name AS table_name, m.sql
    FROM sqlite_master m LEFT JOIN pragma_table_list l ON l.name = m.tbl_name AND l.schema = 'main'
    WHERE m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.sql IS NOT NULL AND l.type IS NOT 'shadow'
    ORDER BY m.name
"""
_ORDINARY = (
    "m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_COLUMNS = f"""
    SELECT m.name AS table_name, c.name, c.type, c."notnull" AS required, c.dflt_value, c.hidden, c.pk
    FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE {_ORDINARY} ORDER BY c.name
"""  # noqa: S608  (constants)
_FOREIGN_KEYS = f"""
    SELECT m.name AS table_name, f.id, f."table" AS parent, f."from" AS column_name, f."to" AS parent_column,
           f.on_update, f.on_delete
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE {_ORDINARY} ORDER BY f.id, f.seq
"""  # noqa: S608  (constants)
_VIRTUAL, _STORED = 2, 3  # `hidden` of table_xinfo


def read(connection: Connection, wanted: Wanted) -> Snapshot:
    """Return what the main database of a connection consists of."""
    statements = [row for row in connection.execute(text(_STATEMENTS)) if wanted(None, row.name)]
    columns, foreign_keys = (
        _by_table(connection.execute(text(query)).all()) for query in (_COLUMNS, _FOREIGN_KEYS)
    )
    attached = _by_table([row for row in statements if row.type in ("index", "trigger")])
    tables = (
        _table(row, columns, foreign_keys, attached.get(row.name, ()))
        for row in statements
        if row.type == "table"
    )
    return Snapshot.of("sqlite", tables, (_view(row) for row in statements if row.type == "view"))


def _by_table(rows: Sequence[Row[Any]]) -> Rows:
    found = defaultdict(list)
    for row in rows:
        found[row.table_name].append(row)
    return found


def _view(row: Row[Any]) -> Other:
    words = tokens(row.sql)
    start = next((n for n, token in enumerate(words) if token.word == "AS"), 0)
    return Other("view", row.name, None, (("definition", normal(words[start + 1 :])),))


def _table(row: Row[Any], columns: Rows, foreign_keys: Rows, attached: Sequence[Row[Any]]) -> Table:
    if tokens(row.sql)[1].word == "VIRTUAL":
        return Table(row.name, options=(("definition", normal(tokens(row.sql))),))
    says = declared(row.sql)
    constraints = [*_declared(says), *_foreign_keys(says, foreign_keys.get(row.name, ()), columns)]
    return Table(
        row.name,
        None,
        tuple(_column(each, says) for each in columns.get(row.name, ())),
        tuple(sorted(constraints, key=lambda each: (each.kind, each.columns, each.rest or ""))),
        tuple(_index(each) for each in attached if each.type == "index"),
        tuple(_trigger(each) for each in attached if each.type == "trigger"),
        (("options", says.options),) if says.options else (),
    )


def _column(row: Row[Any], says: DeclaredTable) -> Column:
    kind = {_VIRTUAL: "virtual", _STORED: "stored"}.get(row.hidden)
    return Column(
        row.name,
        normal(tokens(row.type)).upper(),
        nullable=not row.required,
        default=None if row.dflt_value is None else normal(tokens(row.dflt_value)),
        generated=f"{kind}: {says.generated.get(row.name)}" if kind else None,
        numbered="autoincrement" if says.autoincrement == row.name else None,
        collation=says.collations.get(row.name),
    )


def _declared(says: DeclaredTable) -> Iterator[Constraint]:
    for each in says.constraints:
        if each.kind != "foreign key":
            yield Constraint(each.kind, each.name, each.name is None, each.columns, rest=each.condition)


def _foreign_keys(says: DeclaredTable, rows: Sequence[Row[Any]], columns: Rows) -> Iterator[Constraint]:
    names = [each for each in says.constraints if each.kind == "foreign key"]
    keys = defaultdict(list)
    for row in rows:
        keys[row.id].append(row)
    for group in keys.values():
        own = tuple(row.column_name for row in group)
        written = _written(names, own, group[0].parent)
        yield Constraint(
            "foreign key",
            written.name,
            written.name is None,
            own,
            group[0].parent,
            tuple(row.parent_column for row in group if row.parent_column)
            or _primary_key(columns, group[0].parent),
            None if group[0].on_delete == "NO ACTION" else group[0].on_delete,
            None if group[0].on_update == "NO ACTION" else group[0].on_update,
            written.deferrable,
        )


def _written(names: list[Declared], columns: tuple[str, ...], parent: str) -> Declared:
    """Take the foreign key as it is written out of the list: two may have the same columns."""
    key = ([name.lower() for name in columns], parent.lower())
    for each in names:
        if ([name.lower() for name in each.columns], (each.references or "").lower()) == key:
            names.remove(each)
            return each
    return Declared("foreign key", None)


def _primary_key(columns: Rows, table: str) -> tuple[str, ...]:
    """What a reference without columns means."""
    parts = [row for row in columns.get(table, ()) if row.pk]
    return tuple(row.name for row in sorted(parts, key=lambda row: row.pk))


def _index(row: Row[Any]) -> Index:
    words = tokens(row.sql)
    on = next(n for n, token in enumerate(words) if token.word == "ON")
    inside, rest = bracket(words, on)
    return Index(
        row.name,
        automatic=False,
        parts=tuple(_part(item) for item in split(inside)),
        unique=words[1].word == "UNIQUE",
        predicate=normal(rest[1:]) if rest and rest[0].word == "WHERE" else None,
    )


def _part(item: list[Any]) -> str:
    item = item[:-1] if len(item) > 1 and item[-1].word == "ASC" else item
    return str(item[0].text) if len(item) == 1 else normal(item)


def _trigger(row: Row[Any]) -> Attachment:
    return Attachment("trigger", row.name, normal(tokens(row.sql)))
