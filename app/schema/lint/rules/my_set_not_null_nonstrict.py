"""Without strict mode every NULL becomes 0 or an empty string without a word; in strict mode the revision fails.

What it flags
    NOT NULL set on a column of an existing table that may hold NULL. It is an error where `sql_mode` is known not to
    be strict: because the server is configured so, or because the revision sets `sql_mode` without
    STRICT_TRANS_TABLES or STRICT_ALL_TABLES. It is a warning where nothing in the history has filled the column.
Why it hurts
    In strict mode the statement fails at the first NULL. Without it, the value that was unknown is 0, '' or
    0000-00-00 from then on, and nobody can tell it from a real one (measured on MariaDB 10.11.19).
Example
    On mariadb:10.11:

        # strict_mode = False
        op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)
Instead
    Make the session strict for this revision:

        op.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES'")
        op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)
When it is fine
    The column was NOT NULL before, or was added in the same revision; an earlier revision filled it; or the revision
    makes the session strict, and no row holds NULL.
References
    MySQL manual, "Server SQL Modes"; strong_migrations, "Setting NOT NULL on an existing column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, FixStep, Severity
from ...core.variables import value_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ColumnState

RULE = Rule(
    id="my-set-not-null-nonstrict", severity=Severity.ERROR, engines=MYSQL_FAMILY, ops=(AlterColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag NOT NULL where NULLs would be replaced silently."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    said = value_of("sql_mode", step, around.earlier)
    strict = _is_strict(said, around)
    if op.modify_nullable is not False or (strict and (said is not None or _is_filled(step, column))):
        return
    before = column.nullable if column is not None else op.existing_nullable
    if before is False or (column is not None and column.added_in == around.recording.revision):
        return
    place = f"{step.table}.{op.column_name}{around.size(step.table)}"
    if strict:
        yield _unfilled(step, str(op.column_name), place, around)
        return
    yield around.finding(
        step,
        f"Every NULL in {place} becomes 0, an empty string or a zero date silently, because sql_mode is not strict.",
        "Make the session strict, so that the revision fails at the first NULL instead:",
        code="op.execute(\"SET SESSION sql_mode = 'STRICT_ALL_TABLES'\")",
        column=str(op.column_name),
    )


def _unfilled(step: RecordedOp, name: str, place: str, around: Surroundings) -> Finding:
    return around.finding(
        step,
        f"Nothing in the history fills {place}: in strict mode the revision fails at the first NULL, otherwise every "
        "NULL becomes 0, an empty string or a zero date silently.",
        f"Fill {name} in an earlier revision, in batches, and look that nothing is left; then:",
        code="op.execute(\"SET SESSION sql_mode = 'STRICT_ALL_TABLES'\")\n"
        + around.render((FixStep((step.op,)),)),
        column=name,
        severity=Severity.WARNING,
    )


def _is_filled(step: RecordedOp, column: ColumnState | None) -> bool:
    """True if the column was filled, or if MODIFY may only repeat what an unknown column is anyway."""
    return column.filled if column is not None else step.source != "op"


def _is_strict(said: str | None, around: Surroundings) -> bool:
    """True if the server, or the revision before this step, insists on values that fit."""
    if said is None:
        return around.environment.strict_mode
    keeps = "sql_mode" in said.lower() and around.environment.strict_mode
    return keeps or any(word in said.upper() for word in ("STRICT_", "TRADITIONAL"))
