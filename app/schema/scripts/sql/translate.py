"""A text of SQL → operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .dispatch import operations
from .lexer import statements

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation

    from ...core.server import Server


@dataclass(frozen=True, eq=False)
class Translated:
    """One operation that a statement stands for.

    :param clauses: what SQL says about an operation that has no attribute for it, as in `RecordedOp.clauses`.
    :param statement: ordinal of the statement in the text, from 0. One `ALTER TABLE` with two actions gives two
        operations with one number.
    :param sql: the statement as it was written.
    """

    op: MigrateOperation
    clauses: dict[str, str] = field(default_factory=dict)
    statement: int = 0
    sql: str = ""


def translate(sql: str, server: Server) -> tuple[Translated, ...]:
    """Return the operations that the statements of a text stand for, in order.

    What is not understood becomes an `OpaqueOp`; nothing is raised, whatever the text.
    """
    return tuple(
        Translated(made.op, dict(made.clauses), number, statement.text)
        for number, statement in enumerate(statements(sql, server.dialect_name))
        for made in operations(statement, server)
    )
