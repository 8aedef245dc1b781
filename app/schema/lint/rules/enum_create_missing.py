"""The revision fails with `type "…" does not exist`: adding a column does not create its enum type.

What it flags
    `op.add_column`, or `op.alter_column` with `type_`, with an enum whose type nothing has created.
Why it hurts
    PostgreSQL needs CREATE TYPE first. `op.create_table` sends it, `op.add_column` and `op.alter_column` do not
    (measured with Alembic 1.20.1 on PostgreSQL 15). On SQLite the same revision passes.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("role", sa.Enum("member", "admin", name="account_role")))
Instead
    Create the type first:

        op.execute("CREATE TYPE account_role AS ENUM ('member', 'admin')")
        op.add_column("account", sa.Column("role", sa.Enum("member", "admin", name="account_role")))
When it is fine
    The type was made outside the history; say so with `create_type=False` of `postgresql.ENUM`.
References
    PostgreSQL manual, CREATE TYPE; SQLAlchemy documentation, `postgresql.ENUM`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp, AlterColumnOp
from sqlalchemy import Enum

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import CreateEnumOp, OpaqueOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="enum-create-missing",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AddColumnOp, AlterColumnOp),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an enum column whose type is not there."""
    kind = _enum(
        step.op.column.type if isinstance(step.op, AddColumnOp) else getattr(step.op, "modify_type", None)
    )
    if kind is None or _is_there(kind, around):
        return
    create = CreateEnumOp(str(kind.name), tuple(map(str, kind.enums)), kind.schema)
    verb = "op.add_column" if isinstance(step.op, AddColumnOp) else "op.alter_column"
    yield around.finding(
        step,
        f'The revision fails with `type "{kind.name}" does not exist`: nothing has created the enum type '
        f"{kind.name}, and {verb} does not do it.",
        "Create the type first:",
        column=_column(step),
        fix=Fix("Create the enum type first", (FixStep((create, step.op)),)),
    )


def _enum(kind: Any) -> Enum | None:
    """Return the enum that a type is or is an array of, if the database needs a type for it."""
    kind = getattr(kind, "item_type", kind)
    if not isinstance(kind, Enum) or not kind.native_enum or not kind.name:
        return None
    return kind if getattr(kind, "create_type", True) else None


def _is_there(kind: Enum, around: Surroundings) -> bool:
    """True if the history created the type, or may have done so in a statement that could not be understood."""
    if any(isinstance(step.op, OpaqueOp) for step in around.earlier):
        return True
    return any(key.rpartition(".")[2] == kind.name for key in around.state.types)


def _column(step: RecordedOp) -> str:
    return str(
        step.op.column.name if isinstance(step.op, AddColumnOp) else getattr(step.op, "column_name", "")
    )
