"""Actions of `ALTER TABLE` that all engines share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from ....core.ops import RenameConstraintOp
from ..clauses import behaviour, if_exists, if_not_exists
from ..columns import read_column
from ..constraints import at_constraint, read_constraint
from ..items import constraint_operation, make_column
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor
    from .subject import Subject


def action(cursor: Cursor, subject: Subject) -> Iterator[Made] | None:
    """Read an action; None if it is not one of these."""
    if cursor.accept("ADD"):
        return iter(_add(cursor, subject))
    if cursor.accept("DROP"):
        return iter([_drop(cursor, subject)])
    if cursor.accept("RENAME"):
        return iter([_rename(cursor, subject)])
    return None


def _add(cursor: Cursor, subject: Subject) -> list[Made]:
    if at_constraint(cursor):
        constraint = read_constraint(cursor)
        return [
            Made(
                constraint_operation(constraint, subject.table, subject.schema),
                _enforcement(constraint.options),
            )
        ]
    cursor.accept("COLUMN")
    skips = if_not_exists(cursor)
    if cursor.at("("):
        return [_column(item, subject, skips=skips) for item in cursor.group().items()]
    return [_column(cursor, subject, skips=skips)]


def _enforcement(options: dict[str, object]) -> dict[str, str]:
    return {"not_enforced": ""} if "not_enforced" in options else {}


def _column(cursor: Cursor, subject: Subject, *, skips: bool) -> Made:
    spec = read_column(cursor)
    column = make_column(spec, cursor.server.engine)
    op = ops.AddColumnOp(
        subject.table,
        column,
        schema=subject.schema,
        if_not_exists=skips or None,
        # In SQL a key of the column is part of the one statement; Alembic makes a second statement without this.
        inline_references=True if spec.reference else None,
        inline_primary_key=True if spec.primary_key else None,
    )
    return Made(op, {"position": spec.position} if spec.position else {})


def _drop(cursor: Cursor, subject: Subject) -> Made:
    if cursor.accept("CONSTRAINT"):
        skips = if_exists(cursor)
        name = cursor.name()
        op = ops.DropConstraintOp(name, subject.table, schema=subject.schema, if_exists=skips or None)
        return Made(op, behaviour(cursor))
    cursor.accept("COLUMN")
    skips = if_exists(cursor)
    name = cursor.name()
    drop = ops.DropColumnOp(subject.table, name, schema=subject.schema, if_exists=skips or None)
    return Made(drop, behaviour(cursor))


def _rename(cursor: Cursor, subject: Subject) -> Made:
    if cursor.accept("CONSTRAINT"):
        old = cursor.name()
        cursor.expect("TO")
        return Made(RenameConstraintOp(subject.table, subject.schema, old, cursor.name()))
    if cursor.accept_any("TO", "AS"):
        return Made(ops.RenameTableOp(subject.table, cursor.qualified()[1], schema=subject.schema))
    cursor.accept("COLUMN")
    skips = if_exists(cursor)
    old = cursor.name()
    if cursor.done and cursor.server.dialect_name == "mysql":
        return Made(ops.RenameTableOp(subject.table, old, schema=subject.schema))
    cursor.expect("TO")
    op = ops.AlterColumnOp(subject.table, old, schema=subject.schema, modify_name=cursor.name())
    return Made(op, {"if_exists": ""} if skips else {})
