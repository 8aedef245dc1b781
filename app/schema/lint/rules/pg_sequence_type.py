"""The column holds larger numbers from now on, the sequence behind it still stops at 2,147,483,647.

What it flags
    A serial column that is widened to a larger whole number in a revision that leaves its sequence as it is.
Why it hurts
    Since PostgreSQL 10 the sequence of a serial column has a type of its own, and it does not follow the column: at
    its limit every INSERT fails with "nextval: reached maximum value of sequence", as if nothing had been widened.
Example
    On postgresql:15:

        allow = {"pg-int-pk-widen account.id": "done while the site is closed, table of 2,000 rows"}
        op.alter_column("account", "id", type_=sa.BigInteger(), existing_type=sa.Integer())
Instead
    Widen the sequence too, which takes no time:

        allow = {"pg-int-pk-widen account.id": "done while the site is closed, table of 2,000 rows"}
        op.alter_column("account", "id", type_=sa.BigInteger(), existing_type=sa.Integer())
        op.execute("ALTER SEQUENCE account_id_seq AS bigint")
When it is fine
    The column is GENERATED … AS IDENTITY, whose sequence follows (measured on PostgreSQL 15), or the numbers come
    from elsewhere.
References
    PostgreSQL manual, ALTER SEQUENCE, "AS data_type"; GitLab, "Migrating an integer primary key to bigint".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp, ExecuteSQLOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import SequenceOp
from ...core.type_change import types_of, widens_whole_number
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-sequence-type",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(AlterColumnOp,),
    new_tables=True,
    fixable=True,
)
_NEXTVAL = re.compile(r"nextval\(\s*'\"?(?P<name>[\w.]+)", re.IGNORECASE)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a serial column that outgrows its sequence."""
    op = step.as_(AlterColumnOp)
    old, new = types_of(op, around.column(step, str(op.column_name)), around.server)
    sequence = _sequence(step, around)
    if op.modify_type is None or sequence is None or new is None or not widens_whole_number(old, new):
        return
    if not around.server.at_least(10) or _is_widened(sequence, new.name, around):
        return
    alter = ExecuteSQLOp(f"ALTER SEQUENCE {sequence} AS {new.name}")
    yield around.finding(
        step,
        f"{step.table}.{op.column_name} becomes {new.name}, but its sequence {sequence} stays {old.name if old else ''}"
        ": when it reaches its limit, every INSERT fails as if the column had never been widened.",
        "Widen the sequence with it; that takes no time:",
        column=str(op.column_name),
        fix=Fix("Widen the sequence too", (FixStep((op, alter)),)),
    )


def _sequence(step: RecordedOp, around: Surroundings) -> str | None:
    """Return the sequence that a column takes its numbers from, None if there is none."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    if column is None or column.identity:
        return None
    if named := _NEXTVAL.search(column.default or ""):
        return named["name"]
    made = f"{op.table_name}_{op.column_name}_seq"
    return (
        (f"{op.schema}.{made}" if op.schema else made)
        if column.autoincrement and not column.default
        else None
    )


def _is_widened(sequence: str, wanted: str, around: Surroundings) -> bool:
    if around.state.sequences.get(sequence) == wanted:
        return True
    steps = (s.op for s in (*around.earlier, *around.following))
    altered = (
        op for op in steps if isinstance(op, SequenceOp) and op.action == "alter" and op.type_name == wanted
    )
    return any(op.name == sequence.rpartition(".")[2] for op in altered)
