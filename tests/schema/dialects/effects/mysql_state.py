"""The state of a live MySQL or MariaDB schema, as a history that built it would have left it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, inspect, text

from app.schema.core.state import ColumnState, ConstraintState, IndexState, State, TableState

COMPRESSED = text(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()"
    " AND row_format = 'Compressed'"
)


def state_of(connection: Connection) -> State:
    inspector = inspect(connection)
    state = State()
    for name in inspector.get_table_names():
        if name == "sp":
            continue  # SQLAlchemy does not know the type POINT.
        table = TableState(
            name, columns={found["name"]: column_state(found) for found in inspector.get_columns(name)}
        )
        table.constraints += constraints_of(inspector, name)
        for found in inspector.get_indexes(name):
            options = found.get("dialect_options", {})
            method = options.get("mariadb_prefix") or options.get("mysql_prefix")
            columns = tuple(str(column) for column in found["column_names"])
            table.indexes[str(found["name"])] = IndexState(
                found["name"], columns, bool(found["unique"]), method=method
            )
        state.tables[name] = table
    for row in connection.execute(COMPRESSED):
        state.tables[row.name].options["row format"] = "COMPRESSED"
    return state


def column_state(found: Any) -> ColumnState:
    return ColumnState(
        found["name"], found["type"], found["nullable"], found["default"] or "", computed="computed" in found,
        autoincrement=found.get("autoincrement") is True,
    )  # fmt: skip


def constraints_of(inspector: Any, table: str) -> list[ConstraintState]:
    key = inspector.get_pk_constraint(table)["constrained_columns"]
    foreign = [
        ConstraintState(
            "foreign key", found["name"], tuple(found["constrained_columns"]), found["referred_table"],
            tuple(found["referred_columns"]),
        )
        for found in inspector.get_foreign_keys(table)
    ]  # fmt: skip
    checks = [ConstraintState("check", found["name"]) for found in inspector.get_check_constraints(table)]
    return [ConstraintState("primary key", None, tuple(key)), *foreign, *checks]
