"""What `sqlalchemy.inspect(op.get_bind())` answers from the schema that the history built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .default_schema import DEFAULT_SCHEMA

if TYPE_CHECKING:
    from ...core.state import State, TableState

_KINDS = {
    "get_unique_constraints": "unique",
    "get_check_constraints": "check",
    "get_foreign_keys": "foreign key",
}


def known_table(state: State | None, name: object, schema: object = None) -> TableState | None:
    """Return a table whose creation the history shows."""
    key = f"{schema}.{name}" if schema and schema != DEFAULT_SCHEMA else str(name)
    table = state.table(key) if state else None
    return table if table is not None and table.known else None


def answer(question: str, table: TableState) -> Any:
    """Return what an inspector's method says about a table, None for a question that is not answered here."""
    if question == "get_columns":
        return [
            {
                "name": c.name,
                "type": c.type,
                "nullable": c.nullable is not False,
                "default": c.default or None,
            }
            for c in table.columns.values()
        ]
    if question == "get_indexes":
        return [
            {"name": i.name, "column_names": list(i.columns), "unique": i.unique}
            for i in table.indexes.values()
        ]
    if question == "get_pk_constraint":
        key = next(table.of_kind("primary key"), None)
        return {"name": key.name if key else None, "constrained_columns": list(table.primary_key)}
    return _constraints(question, table) if question in _KINDS else None


def _constraints(question: str, table: TableState) -> list[dict[str, Any]]:
    found = []
    for each in table.of_kind(_KINDS[question]):
        schema, _, referred = (each.referred_table or "").rpartition(".")
        found.append(
            {
                "name": each.name,
                "column_names": list(each.columns),
                "constrained_columns": list(each.columns),
                "sqltext": each.expression,
                "referred_schema": schema or None,
                "referred_table": referred,
                "referred_columns": list(each.referred_columns),
            }
        )
    return found
