"""The revision fails with `type "…" already exists`: creating a table creates its enum types without looking.

What it flags
    `op.create_table` with an enum whose type the history, or the same revision, has created already.
Why it hurts
    SQLAlchemy sends CREATE TYPE for every enum of a table that Alembic creates, whether the type is there or not
    (measured with Alembic 1.20.1 and SQLAlchemy 2.1.9 on PostgreSQL 15). On SQLite the same revision passes.
Example
    On postgresql:15:

        op.create_table(
            "review",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("status", sa.Enum("draft", "published", name="book_status")),
        )
Instead
    Use the type that is there:

        from sqlalchemy.dialects import postgresql
        op.create_table(
            "review",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("status", postgresql.ENUM("draft", "published", name="book_status", create_type=False)),
        )
When it is fine
    The type has been dropped outside the history.
References
    SQLAlchemy documentation, `postgresql.ENUM.create_type`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import CreateTableOp
from sqlalchemy import Column, Enum

from ...core.finding import Finding, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="enum-created-twice",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateTableOp,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag columns whose enum type is there already."""
    if step.source != "op":
        return
    for column in step.as_(CreateTableOp).columns:
        kind = _created_type(column) if isinstance(column, Column) else None
        key = (
            f"{kind.schema}.{kind.name}" if kind is not None and kind.schema else getattr(kind, "name", None)
        )
        if kind is not None and key in around.state.types and isinstance(column, Column):
            yield around.finding(
                step,
                f'The revision fails with `type "{kind.name}" already exists`: the enum type {key} is there, and '
                f"op.create_table creates it again for column {column.name}.",
                "Use the type that is there:",
                column=str(column.name),
                code=_code(str(column.name), kind),
            )


def _created_type(column: Column[Any]) -> Enum | None:
    """Return the enum whose type is created with the table, if the column has one."""
    kind = column.type
    created = isinstance(kind, Enum) and kind.native_enum and getattr(kind, "create_type", True)
    return kind if created and isinstance(kind, Enum) else None


def _code(column: str, kind: Enum) -> str:
    values = ", ".join(repr(str(value)) for value in kind.enums)
    enum = f"postgresql.ENUM({values}, name={str(kind.name)!r}, create_type=False)"
    return f"from sqlalchemy.dialects import postgresql\nsa.Column({column!r}, {enum})"
