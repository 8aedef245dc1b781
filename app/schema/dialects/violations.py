"""Rows that would make a change fail, counted in the live database: NULLs, duplicates, orphans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, column, func, inspect, literal, select, table

from ..core.facts import Violation

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.expression import Select, TableClause

# Examples that are shown of the rows that are in the way.
_EXAMPLES = 3


def nulls(connection: Connection, key: str, name: str) -> Violation | None:
    """Count the NULLs of a column; None if there are none, or no such column yet."""
    source = _source(connection, key, (name,))
    if source is None:
        return None
    count = connection.scalar(select(func.count()).select_from(source).where(source.c[name].is_(None)))
    return Violation(key, (name,), count) if count else None


def duplicates(connection: Connection, key: str, names: tuple[str, ...]) -> Violation | None:
    """Count the combinations of values that occur more than once; NULLs are distinct, as in a unique index."""
    source = _source(connection, key, names)
    if source is None:
        return None
    columns = [source.c[name] for name in names]
    repeated = (
        select(*columns)
        .where(and_(*(c.is_not(None) for c in columns)))
        .group_by(*columns)
        .having(func.count() > 1)
    )
    return _violation(connection, key, names, repeated)


def orphans(
    connection: Connection, key: str, names: tuple[str, ...], parent_key: str, parent_names: tuple[str, ...]
) -> Violation | None:
    """Count the rows whose reference points at nothing."""
    child, parent = _source(connection, key, names), _source(connection, parent_key, parent_names)
    if child is None or parent is None:
        return None
    other = parent.alias()
    pairs = [child.c[a] == other.c[b] for a, b in zip(names, parent_names, strict=False)]
    missing = ~select(literal(1)).select_from(other).where(and_(*pairs)).exists()
    query = select(*(child.c[name] for name in names)).where(
        and_(*(child.c[name].is_not(None) for name in names)), missing
    )
    return _violation(connection, key, names, query)


def _violation(
    connection: Connection, key: str, names: tuple[str, ...], query: Select[tuple[object, ...]]
) -> Violation | None:
    count = connection.scalar(select(func.count()).select_from(query.subquery()))
    if not count:
        return None
    rows = connection.execute(query.limit(_EXAMPLES)).all()
    return Violation(key, names, count, tuple(", ".join(map(str, row)) for row in rows))


def _source(connection: Connection, key: str, names: tuple[str, ...]) -> TableClause | None:
    """Return the table, if it and the columns are there: what is judged may build on revisions still to come."""
    schema, _, name = key.rpartition(".")
    inspector = inspect(connection)
    if not inspector.has_table(name, schema=schema or None):
        return None
    known = {c["name"] for c in inspector.get_columns(name, schema=schema or None)}
    return table(name, *map(column, names), schema=schema or None) if known.issuperset(names) else None
