"""The column cannot be added once the table holds a row: SQLite wants a constant default there.

What it flags
    `op.add_column` or `ADD COLUMN` with CURRENT_TIMESTAMP, a function or another expression as its server default, on a
    table that existed before the revision, outside of a block that rebuilds it.
Why it hurts
    SQLite takes it on an empty table and says `Cannot add a column with non-constant default` on one with rows: it
    passes on a developer's database and in CI, and fails in production.
Example
    On sqlite:3.40:

        op.add_column("shelf", sa.Column("made_at", sa.DateTime(), server_default=sa.func.now()))
Instead
    Let Alembic rebuild the table:

        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("made_at", sa.DateTime(), server_default=sa.func.now()))
When it is fine
    The table was created in the same revision.
References
    SQLite documentation, "ALTER TABLE ADD COLUMN". Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import ClauseElement

from ...core.columns import has_value
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.rebuild import costs_no_rows
from ...core.types import dialect_of
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-add-nonconstant-default", severity=Severity.ERROR, engines=SQLITE, ops=(AddColumnOp,), fixable=True
)
# What SQLite takes for constant: literals, signed numbers, and bare words, which it reads as text.
_CONSTANT = re.compile(
    r"""^(?:[+-]\s*)*(?:\d[\w.]*(?:e[+-]?\d+)?|\.\d+|x?'(?:[^']|'')*'|"[^"]*"|null|true|false
        |(?!current_(?:date|time|timestamp)$)[a-z_]\w*)(?:\s+collate\s+\w+)?$""",
    re.IGNORECASE | re.VERBOSE,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that SQLite would have to compute for rows that are there."""
    op = step.as_(AddColumnOp)
    if (step.batch is not None and step.batch.recreates) or not has_value(op.column):
        return
    default = _text(getattr(op.column.server_default, "arg", None), around)
    if default is None or _CONSTANT.match(_without_parentheses(default)):
        return
    harmless = costs_no_rows(around.state, step.table, enforced=around.environment.foreign_keys)
    yield around.finding(
        step,
        f"The revision fails with `Cannot add a column with non-constant default` as soon as {step.table}"
        f"{around.size(step.table)} holds one row: SQLite does not compute {default} for rows that are there.",
        "Let Alembic rebuild the table:",
        column=str(op.column.name),
        fix=Fix("Add it in a batch block", (FixStep((op,), batch=True),), safe=harmless),
    )


def _text(default: object, around: Surroundings) -> str | None:
    """Return a default as SQL, None if it is a literal string or cannot be said."""
    if not isinstance(default, ClauseElement):
        return None
    try:
        return str(default.compile(dialect=dialect_of(around.server), compile_kwargs={"literal_binds": True}))
    except (SQLAlchemyError, NotImplementedError):
        return None


def _without_parentheses(text: str) -> str:
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    return text
