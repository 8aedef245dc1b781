"""PostgreSQL's catalogue: eight queries for all schemas of a database together.

Left out are what belongs to an extension (`pg_depend.deptype = 'e'`), partitions (their parent says how it is
partitioned), and sequences that belong to a column (the column is `serial` or an identity then). Expressions come
from `pg_get_expr` and its relatives, which print every spelling of one expression alike.
Source: https://www.postgresql.org/docs/current/catalogs.html and functions-info.html.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ...core.snapshot import Other, Snapshot, Table
from ...core.table_parts import Attachment, Column, Constraint, Index
from .postgresql_queries import (
    ATTACHMENTS,
    COLUMNS,
    CONSTRAINTS,
    FUNCTIONS,
    INDEXES,
    RELATIONS,
    SEQUENCES,
    TYPES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    Wanted = Callable[[str | None, str], bool]
    Rows = Mapping[int, Sequence[Row[Any]]]

_CONSTRAINTS = {
    "p": "primary key",
    "u": "unique constraint",
    "f": "foreign key",
    "c": "check",
    "x": "exclusion constraint",
}
_ACTIONS = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_IDENTITIES = {"a": "identity always", "d": "identity by default"}
_GENERATED = {"s": "stored", "v": "virtual"}
_VIEWS = {"v": "view", "m": "materialized view"}
# ChooseIndexName and ChooseConstraintName: table, columns and one of these words, with a number if that is taken.
_MADE_UP = re.compile(r"_(pkey|key|fkey|check|excl|idx|not_null)\d*$")


def read(connection: Connection, wanted: Wanted) -> Snapshot:
    """Return what the database consists of. Names without a schema are those of `current_schema()`."""
    relations = [row for row in connection.execute(text(RELATIONS)) if wanted(row.schema_name, row.name)]
    columns, constraints, indexes, attachments = (
        _by_relation(connection, query) for query in (COLUMNS, CONSTRAINTS, INDEXES, ATTACHMENTS)
    )
    tables = (
        _table(row, columns, constraints, indexes, attachments) for row in relations if row.kind not in _VIEWS
    )
    return Snapshot.of("postgresql", tables, _others(connection, relations, indexes))


def _by_relation(connection: Connection, query: str) -> Rows:
    rows = defaultdict(list)
    for row in connection.execute(text(query)):
        rows[row.relation].append(row)
    return rows


def _table(row: Row[Any], columns: Rows, constraints: Rows, indexes: Rows, attachments: Rows) -> Table:
    return Table(
        row.name,
        row.schema_name,
        tuple(_column(each) for each in columns.get(row.oid, ())),
        tuple(_constraint(each) for each in constraints.get(row.oid, ())),
        tuple(_index(each) for each in indexes.get(row.oid, ())),
        tuple(
            Attachment(each.kind, each.name, each.definition, each.enabled)
            for each in attachments.get(row.oid, ())
        ),
        tuple(_options(row)),
        row.comment,
    )


def _options(row: Row[Any]) -> Iterator[tuple[str, str]]:
    if row.kind == "f":
        yield "kind", "foreign table"
    if row.partitioned:
        yield "partitioning", row.partitioned
    if row.persistence == "u":
        yield "persistence", "unlogged"
    if row.options:
        yield "storage parameters", row.options
    if row.row_security:
        yield "row level security", "forced" if row.row_security_forced else "enabled"


def _column(row: Row[Any]) -> Column:
    generated = _GENERATED.get(row.generated)
    numbered = _IDENTITIES.get(row.identity) or ("serial" if row.serial else None)
    return Column(
        row.name,
        row.type,
        nullable=row.nullable,
        default=None if generated or numbered else row.expression,
        generated=f"{generated}: {row.expression}" if generated else None,
        numbered=numbered,
        collation=row.collation,
        comment=row.comment,
    )


def _constraint(row: Row[Any]) -> Constraint:
    deferral = "DEFERRABLE INITIALLY DEFERRED" if row.deferred else "DEFERRABLE"
    return Constraint(
        _CONSTRAINTS[row.kind],
        row.name,
        bool(_MADE_UP.search(row.name)),
        () if row.kind == "c" else tuple(row.columns or ()),
        row.references,
        tuple(row.referred or ()),
        _ACTIONS.get(row.on_delete),
        _ACTIONS.get(row.on_update),
        deferral if row.deferrable else None,
        _rest(row),
        row.valid,
    )


def _rest(row: Row[Any]) -> str | None:
    """What the definition says besides kind, columns, reference, actions, deferral and validity."""
    text_ = row.definition.removesuffix(" NOT VALID")
    if row.kind == "c":
        return str(text_.removeprefix("CHECK "))
    if row.kind == "f":
        return "MATCH FULL" if row.match == "f" else None
    text_ = re.sub(r"( DEFERRABLE)?( INITIALLY DEFERRED)?$", "", text_)
    if row.kind == "x":
        return text_
    return re.sub(r"^(PRIMARY KEY|UNIQUE) ?|\((?:[^()\"]|\"[^\"]*\")*\)", "", text_, count=2).strip() or None


def _index(row: Row[Any]) -> Index:
    return Index(
        row.name,
        bool(_MADE_UP.search(row.name)),
        tuple(row.parts),
        row.is_unique,
        row.method,
        row.predicate,
        tuple(row.include or ()),
        row.rest or None,
        row.valid,
    )


def _others(connection: Connection, relations: Sequence[Row[Any]], indexes: Rows) -> Iterator[Other]:
    for row in relations:
        if row.kind in _VIEWS:
            own = [(f"index {index.name}", _index(index).text) for index in indexes.get(row.oid, ())]
            parts = (("definition", row.definition), *own)
            yield Other(_VIEWS[row.kind], row.name, row.schema_name, parts)
    for query in (TYPES, SEQUENCES, FUNCTIONS):
        for row in connection.execute(text(query)):
            yield Other(row.kind, row.name, row.schema_name, ((row.aspect, row.definition),))
