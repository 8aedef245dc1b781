"""The state of a live PostgreSQL schema, as a history that built it would have left it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect, text

from app.schema.core.state import ColumnState, ConstraintState, IndexState, State, TableState, TypeState

KINDS = {"p": "primary key", "u": "unique", "c": "check", "f": "foreign key", "x": "exclude", "n": "not null"}
CONSTRAINTS = text(
    "SELECT conrelid::regclass::text AS owner, conname, contype, convalidated, confrelid::regclass::text AS referred,"
    " ARRAY(SELECT attname FROM unnest(conkey) WITH ORDINALITY AS k(num, place) JOIN pg_attribute"
    "   ON attrelid = conrelid AND attnum = num ORDER BY place) AS columns,"
    " ARRAY(SELECT attname FROM unnest(confkey) WITH ORDINALITY AS k(num, place) JOIN pg_attribute"
    "   ON attrelid = confrelid AND attnum = num ORDER BY place) AS referred_columns,"
    " pg_get_expr(conbin, conrelid) AS expression"
    " FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace AND conparentid = 0"
)
PARTITIONS = text(
    "SELECT inhparent::regclass::text AS parent, inhrelid::regclass::text AS partition,"
    " pg_get_expr(relpartbound, c.oid) = 'DEFAULT' AS is_default"
    " FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relispartition AND relkind IN ('r', 'p')"
)
INDEXES = text(
    "SELECT indrelid::regclass::text AS owner, indexrelid::regclass::text AS name, indisunique, indisvalid,"
    " ARRAY(SELECT attname FROM unnest(indkey) AS num JOIN pg_attribute ON attrelid = indrelid AND attnum = num)"
    " AS columns, indexprs IS NOT NULL AS has_expressions, pg_get_expr(indpred, indrelid) AS predicate"
    " FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace"
)
DOMAINS = text(
    "SELECT typname, EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid) OR typnotnull AS constrained"
    " FROM pg_type t WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace"
)


def state_of(connection: Connection) -> State:
    inspector = inspect(connection)
    state = State()
    for name in inspector.get_table_names():
        columns = {column["name"]: column_state(column) for column in inspector.get_columns(name)}
        state.tables[name] = TableState(name, columns=columns)
    for row in connection.execute(CONSTRAINTS):
        state.tables[row.owner].constraints.append(constraint_state(row))
    for row in connection.execute(INDEXES):
        if row.owner in state.tables:
            state.tables[row.owner].indexes[row.name] = IndexState(
                row.name, tuple(row.columns), row.indisunique, row.predicate, valid=row.indisvalid,
                has_expressions=row.has_expressions,
            )  # fmt: skip
    add_partitions(state, connection)
    for row in connection.execute(DOMAINS):
        state.types[row.typname] = TypeState(row.typname, "domain", constrained=row.constrained)
    return state


def column_state(found: Any) -> ColumnState:
    return ColumnState(
        found["name"], found["type"], found["nullable"], found["default"] or "",
        identity="identity" in found, computed="computed" in found,
    )  # fmt: skip


def constraint_state(row: Any) -> ConstraintState:
    return ConstraintState(
        KINDS[row.contype], row.conname, tuple(row.columns),
        referred_table=None if row.referred == "-" else row.referred, referred_columns=tuple(row.referred_columns),
        expression=row.expression, validated=row.convalidated,
    )  # fmt: skip


def add_partitions(state: State, connection: Connection) -> None:
    for row in connection.execute(PARTITIONS):
        parent = state.tables[row.parent]
        parent.partitioned = True
        parent.partitions.append(row.partition)
        state.tables[row.partition].partition_of = row.parent
        if row.is_default:
            parent.default_partition = row.partition
