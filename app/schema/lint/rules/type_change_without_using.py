"""The revision fails with `column "…" cannot be cast automatically`: PostgreSQL is not told how to convert the values.

What it flags
    A change of type that PostgreSQL makes only with USING, such as text to integer or anything to an enum, without it.
Why it hurts
    The deploy stops. SQLite and MySQL convert silently, so the revision passes wherever it was tried.
Example
    On postgresql:15:

        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.Text()))
        op.alter_column("tag", "code", type_=sa.Integer())
Instead
    Say how:

        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.Text()))
        op.alter_column("tag", "code", type_=sa.Integer(), postgresql_using="code::integer")
When it is fine
    A cast of your own, made by CREATE CAST … AS ASSIGNMENT, covers it.
References
    PostgreSQL manual, ALTER TABLE, "SET DATA TYPE"; each pair of types was tried on PostgreSQL 15.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AlterColumnOp

from ...core.casts import needs_using
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.types import TypeName, describe, type_sql
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="type-change-without-using",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AlterColumnOp,),
    new_tables=True,
    fixable=True,
    supersedes=("pg-alter-type-rewrite",),  # The statement is refused before anything is written.
)

_TEXT = ("text", "varchar", "char", "citext")
# Casts that PostgreSQL has, and makes only where it is told to.
_EXPLICIT = {("integer", "boolean"), ("boolean", "integer"), ("jsonb", "integer"), ("jsonb", "boolean")}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a change of type that needs USING and has none."""
    op = step.as_(AlterColumnOp)
    if op.modify_type is None or op.kw.get("postgresql_using"):
        return
    column = around.column(step, str(op.column_name))
    old = _plain((column.type if column else None) or op.existing_type, around)
    new = _plain(op.modify_type, around)
    if old is None or new is None or not needs_using(old, new):
        return
    target = type_sql(op.modify_type, around.server) or new.name
    using = _expression(str(op.column_name), old, new, target)
    yield around.finding(
        step,
        f'The revision fails with `column "{op.column_name}" cannot be cast automatically to type {new.name}`: '
        f"PostgreSQL does not turn {old.name} into {new.name} without being told how.",
        "Say how, and look for values that do not fit first:",
        column=str(op.column_name),
        fix=Fix("Say how the values are converted", (FixStep((_with(op, using),)),), safe=False)
        if using
        else None,
        code=None
        if using
        else f'op.alter_column("{op.table_name}", "{op.column_name}", type_=…, '
        f'postgresql_using="CASE WHEN … THEN … END")',
    )


def _plain(kind: Any, around: Surroundings) -> TypeName | None:
    """Return what a type is; None for a domain, whose base type may be the same."""
    name = describe(kind, around.server)
    known = around.state.types.get(name.name) if name else None
    return None if known is not None and known.kind == "domain" else name


def _expression(column: str, old: TypeName, new: TypeName, target: str) -> str | None:
    """Return the cast to write, None if there is none."""
    if old.dimensions or new.dimensions:
        return None
    name = column if column.isidentifier() and column.islower() else f'"{column}"'
    if old.name in _TEXT or (old.name, new.name) in _EXPLICIT:
        return f"{name}::{target}"
    return f"{name}::text::{target}" if old.values else None


def _with(op: AlterColumnOp, using: str) -> AlterColumnOp:
    changed = copy(op)
    changed.kw = {**op.kw, "postgresql_using": using}
    return changed
