"""Actions of `ALTER TABLE` that PostgreSQL has alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from ....core.ops import AttachPartitionOp, DetachPartitionOp, HarmlessOp, TableOptionOp, ValidateConstraintOp
from ..clauses import if_exists
from ..columns import sequence_options
from ..made import Made
from ..text import literal_text
from ..types import read_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..cursor import Cursor
    from .subject import Subject

# The words of an action → the option that it sets. What follows the words is the value.
_OPTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("SET", "LOGGED"), "logged"),
    (("SET", "UNLOGGED"), "unlogged"),
    (("SET", "TABLESPACE"), "tablespace"),
    (("SET", "ACCESS", "METHOD"), "access method"),
    (("SET", "SCHEMA"), "set schema"),
    (("SET", "WITHOUT", "CLUSTER"), "cluster on"),
    (("SET", "WITHOUT", "OIDS"), "storage parameters"),
    (("SET",), "storage parameters"),
    (("RESET",), "storage parameters"),
    (("OWNER", "TO"), "owner"),
    (("REPLICA", "IDENTITY"), "replica identity"),
    (("CLUSTER", "ON"), "cluster on"),
    (("INHERIT",), "inherit"),
    (("NO", "INHERIT"), "no inherit"),
    (("OF",), "inherit"),
    (("NOT", "OF"), "no inherit"),
)
_SWITCHES = ("ENABLE", "DISABLE", "FORCE", "NO")


def action(cursor: Cursor, subject: Subject) -> Iterator[Made] | None:
    """Read an action; None if it is not one of these."""
    if cursor.accept("ALTER", "CONSTRAINT"):
        return iter([_alter_constraint(cursor, subject)])
    if cursor.accept("ALTER"):
        cursor.accept("COLUMN")
        return iter([_alter_column(cursor, subject)])
    for reader in (_partition, _validate, _switch, _option):
        if made := reader(cursor, subject):
            return iter([made])
    return None


def _alter_constraint(cursor: Cursor, subject: Subject) -> Made:
    name = cursor.name()
    rest = cursor.expression()
    return Made(TableOptionOp(subject.table, subject.schema, "other", f"constraint {name} {rest}"))


def _validate(cursor: Cursor, subject: Subject) -> Made | None:
    if not cursor.accept("VALIDATE", "CONSTRAINT"):
        return None
    return Made(ValidateConstraintOp(subject.table, subject.schema, cursor.name()))


def _partition(cursor: Cursor, subject: Subject) -> Made | None:
    if cursor.accept("ATTACH", "PARTITION"):
        partition = _key(cursor)
        default = cursor.at("DEFAULT")
        cursor.rest()
        return Made(AttachPartitionOp(subject.table, subject.schema, partition, default))
    if cursor.accept("DETACH", "PARTITION"):
        partition = _key(cursor)
        word = cursor.accept_any("CONCURRENTLY", "FINALIZE")
        op = DetachPartitionOp(subject.table, subject.schema, partition, word == "CONCURRENTLY")
        return Made(op, {"finalize": ""} if word == "FINALIZE" else {})
    return None


def _key(cursor: Cursor) -> str:
    schema, name = cursor.qualified()
    return f"{schema}.{name}" if schema else name


def _switch(cursor: Cursor, subject: Subject) -> Made | None:
    start = cursor.position
    word = cursor.accept_any(*_SWITCHES)
    if word and (
        cursor.accept("ROW", "LEVEL", "SECURITY") or cursor.accept("FORCE", "ROW", "LEVEL", "SECURITY")
    ):
        return Made(
            TableOptionOp(subject.table, subject.schema, "row level security", cursor.text(start).upper())
        )
    if word in ("ENABLE", "DISABLE"):
        mode = cursor.accept_any("REPLICA", "ALWAYS")
        kind = cursor.accept_any("TRIGGER", "RULE")
        if kind:
            name = cursor.name()
            option = f"{word.lower()} trigger"
            return Made(
                TableOptionOp(subject.table, subject.schema, option, " ".join(filter(None, (mode, name))))
            )
    cursor.position = start
    return None


def _option(cursor: Cursor, subject: Subject) -> Made | None:
    for words, option in _OPTIONS:
        if cursor.accept(*words):
            value = cursor.expression() if not cursor.done and not cursor.at(",") else None
            return Made(TableOptionOp(subject.table, subject.schema, option, _unquoted(value)))
    return None


def _unquoted(value: str | None) -> str | None:
    return value.strip('"') if value and value.count('"') == 2 else value


def _alter_column(cursor: Cursor, subject: Subject) -> Made:
    name = cursor.name()
    for words, reader in _COLUMN_ACTIONS:
        if cursor.accept(*words):
            return reader(cursor, subject, name)
    raise cursor.surprise("an action of ALTER COLUMN")


def _altered(subject: Subject, name: str, **changes: Any) -> Made:
    return Made(ops.AlterColumnOp(subject.table, name, schema=subject.schema, **changes))


def _type(cursor: Cursor, subject: Subject, name: str) -> Made:
    changes: dict[str, Any] = {"modify_type": read_type(cursor)}
    if cursor.accept("COLLATE"):
        collation = cursor.qualified()[1]
        if isinstance(changes["modify_type"], sa.String):
            changes["modify_type"].collation = collation
    if cursor.accept("USING"):
        changes["postgresql_using"] = cursor.expression()
    return _altered(subject, name, **changes)


def _set_default(cursor: Cursor, subject: Subject, name: str) -> Made:
    return _altered(subject, name, modify_server_default=literal_text(cursor.expression()))


def _drop_default(_: Cursor, subject: Subject, name: str) -> Made:
    return _altered(subject, name, modify_server_default=None)


def _set_not_null(_: Cursor, subject: Subject, name: str) -> Made:
    return _altered(subject, name, modify_nullable=False)


def _drop_not_null(_: Cursor, subject: Subject, name: str) -> Made:
    return _altered(subject, name, modify_nullable=True)


def _add_identity(cursor: Cursor, subject: Subject, name: str) -> Made:
    always = cursor.accept("ALWAYS")
    if not always:
        cursor.expect("BY", "DEFAULT")
    cursor.expect("AS", "IDENTITY")
    return _altered(
        subject, name, modify_server_default=sa.Identity(always=always, **sequence_options(cursor))
    )


def _set_identity(cursor: Cursor, subject: Subject, name: str) -> Made:
    always = cursor.accept("ALWAYS")
    if not always:
        cursor.expect("BY", "DEFAULT")
    before = sa.Identity(always=not always)
    cursor.expression() if not cursor.done and not cursor.at(",") else None
    return _altered(
        subject, name, existing_server_default=before, modify_server_default=sa.Identity(always=always)
    )


def _drop_identity(cursor: Cursor, subject: Subject, name: str) -> Made:
    if_exists(cursor)
    return _altered(subject, name, existing_server_default=sa.Identity(), modify_server_default=None)


def _drop_expression(cursor: Cursor, subject: Subject, name: str) -> Made:
    if_exists(cursor)
    return _altered(subject, name, existing_server_default=sa.Computed(""), modify_server_default=None)


def _set_expression(cursor: Cursor, subject: Subject, name: str) -> Made:
    return _altered(
        subject, name, modify_server_default=sa.Computed(literal_text(cursor.group().everything()))
    )


def _of_column(option: str) -> Callable[[Cursor, Subject, str], Made]:
    def read(cursor: Cursor, subject: Subject, name: str) -> Made:
        return Made(TableOptionOp(subject.table, subject.schema, option, f"{name} {cursor.expression()}"))

    return read


def _column_parameters(cursor: Cursor, subject: Subject, name: str) -> Made:
    cursor.position -= 1
    value = f"{name} ({cursor.group().everything()})"
    return Made(TableOptionOp(subject.table, subject.schema, "statistics", value))


def _sequence(cursor: Cursor, subject: Subject, _: str) -> Made:
    cursor.expression() if not cursor.done and not cursor.at(",") else None
    return Made(HarmlessOp("identity options", subject.table, subject.schema))


_COLUMN_ACTIONS: tuple[tuple[tuple[str, ...], Callable[[Cursor, Subject, str], Made]], ...] = (
    (("SET", "DATA", "TYPE"), _type),
    (("TYPE",), _type),
    (("SET", "DEFAULT"), _set_default),
    (("DROP", "DEFAULT"), _drop_default),
    (("SET", "NOT", "NULL"), _set_not_null),
    (("DROP", "NOT", "NULL"), _drop_not_null),
    (("ADD", "GENERATED"), _add_identity),
    (("SET", "GENERATED"), _set_identity),
    (("DROP", "IDENTITY"), _drop_identity),
    (("DROP", "EXPRESSION"), _drop_expression),
    (("SET", "EXPRESSION", "AS"), _set_expression),
    (("SET", "STATISTICS"), _of_column("statistics")),
    (("SET", "STORAGE"), _of_column("column storage")),
    (("SET", "COMPRESSION"), _of_column("column compression")),
    (("SET", "("), _column_parameters),
    (("RESET", "("), _column_parameters),
    (("SET",), _sequence),
    (("RESTART",), _sequence),
)
