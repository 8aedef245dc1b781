"""The revision fails: the database holds rows without a value in a column that becomes NOT NULL.

What it flags
    With `--live`: a column that becomes NOT NULL while the connected database holds NULL in it, unless the revision
    fills it first. On SQLite, also without `--live`: a column that becomes NOT NULL and that nothing in the history
    has filled.
Why it hurts
    A developer's database has no such row; on this one the revision stops, and on MySQL and MariaDB the statements
    before it stay.
Example
    On postgresql:15, where the live database has 3 NULLs in `account.name`:

        allow = {"pg-set-not-null account.name": "the table is small"}
        op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)
Instead
    Fill the rows in an earlier revision, in batches.
When it is fine
    Another revision that is pending as well fills the rows before this one runs.
References
    Atlas MF104. Also known as pg-set-not-null-nulls-exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ...core.wording import counted
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id={
        "postgresql": "pg-set-not-null-nulls-exist",
        "mysql": "set-not-null-nulls-exist",
        "mariadb": "set-not-null-nulls-exist",
        "sqlite": "set-not-null-nulls-exist",
    },
    severity=Severity.WARNING,
    engines=EVERY_ENGINE,
    ops=(AlterColumnOp,),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a NOT NULL that rows of the live database break."""
    op = step.as_(AlterColumnOp)
    column = str(op.column_name)
    if around.facts is None and around.server.engine == "sqlite" and _is_open(step, column, around):
        yield around.finding(
            step,
            f"The revision fails at the first row of {step.table} that has NULL in {column}, and nothing in the "
            "history fills it: an empty database does not show that.",
            f"Fill {column} first:",
            code=f'op.execute("UPDATE {step.table} SET {column} = … WHERE {column} IS NULL")',
            column=column,
        )
    found = around.facts.nulls.get((str(step.table), column)) if around.facts else None
    if op.modify_nullable is not False or not found or _fills(step, column, around):
        return
    rows = counted(found.count, "row")
    yield around.finding(
        step,
        f"The revision fails on this database: {rows} of {step.table} {'has' if found.count == 1 else 'have'} NULL in "
        f"{column}.",
        f"Fill {column} in an earlier revision, in batches; look at the rows first:",
        code=f"SELECT * FROM {step.table} WHERE {column} IS NULL",
        column=column,
    )


def _is_open(step: RecordedOp, column: str, around: Surroundings) -> bool:
    """True if the column becomes NOT NULL, and may hold NULL as far as the history tells."""
    op, known = step.as_(AlterColumnOp), around.column(step, column)
    if op.modify_nullable is not False or _fills(step, column, around):
        return False
    if known is None:
        return op.existing_nullable is not False
    return known.nullable is not False and not known.filled and known.added_in != around.recording.revision


def _fills(step: RecordedOp, column: str, around: Surroundings) -> bool:
    """True if the revision itself fills the column, or deletes rows, before."""
    changed = (other.op for other in around.earlier if other.table == step.table)
    return any(
        op.kind == "delete" or column in op.columns or (op.kind != "insert" and not op.columns)
        for op in changed
        if isinstance(op, DmlOp)
    )
