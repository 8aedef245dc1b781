"""A narrower CHECK fails on rows that the old one allowed, and code that still writes them gets an error.

What it flags
    A CHECK that is replaced in one revision by one on the same column that allows less: fewer values in an IN list
    (as `sa.Enum(native_enum=False)` makes them), or a tighter bound.
Why it hurts
    The revision stops at the first row that the new condition refuses; old code that still writes such values gets
    an error until the last old worker has been replaced.
Example
    On sqlite:3.40:

        with op.batch_alter_table("book") as batch:
            batch.drop_constraint("ck_book_pages", type_="check")
            batch.create_check_constraint("ck_book_pages", "pages > 10")
Instead
    Deploy code that keeps to the new rule, mend the old rows, and tighten the CHECK in a later release. To widen a
    CHECK is harmless.
When it is fine
    No row and no running code uses what goes away.
References
    SQLAlchemy, Enum with native_enum=False; PostgreSQL manual, "Check Constraints".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateCheckConstraintOp

from ...core.finding import Finding, Severity
from ...core.state import ConstraintState
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="tighten-check", severity=Severity.WARNING, engines=EVERY_ENGINE, ops=(CreateCheckConstraintOp,)
)
_IN = re.compile(r"[\"`]?(\w+)[\"`]?\s+in\s*\(([^()]*)\)", re.IGNORECASE)
_ANY = re.compile(r"[\"`(]*(\w+)[\"`)]*(?:::\w+)?\s*=\s*any\s*\(+array\[([^\]]*)\]", re.IGNORECASE)
_LITERAL = re.compile(r"'(?:[^']|'')*'|-?\d+(?:\.\d+)?")
_BOUND = re.compile(r"^\W*(\w+)\W*?\s*(<=?|>=?)\s*(-?\d+(?:\.\d+)?)\W*$")


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a CHECK that allows less than the one it takes the place of."""
    op = step.as_(CreateCheckConstraintOp)
    new = str(op.condition)
    for old in around.state.dropped_in(around.recording.revision, step.table):
        if not isinstance(old, ConstraintState) or old.kind != "check" or not old.expression:
            continue
        refused = _refused(old.expression, new)
        if refused is not None:
            column, what = refused
            yield around.finding(
                step,
                f"Rows of {step.table}{around.size(step.table)} with {column} {what} were allowed so far and are "
                f"refused by the new {op.constraint_name or 'CHECK'}: the revision fails on the first one, and so does "
                "running code that still writes one.",
                "Stop writing such values and mend the old rows in this release; tighten the CHECK in a later one.",
                column=column,
            )
            return


def _refused(old: str, new: str) -> tuple[str, str] | None:
    """Return the column and the values that only the old condition allows; None if there are none to be seen."""
    lists_before, lists_after = _lists(old), _lists(new)
    for column, values in lists_before.items():
        gone = sorted(values - lists_after.get(column, values))
        if gone:
            return column, ", ".join(gone)
    before, after = _BOUND.match(old), _BOUND.match(new)
    if before and after and before[1].lower() == after[1].lower() and before[2][0] == after[2][0]:
        tighter = _tighter(before[2], float(before[3]), after[2], float(after[3]))
        return (after[1], f"not {after[2]} {after[3]}") if tighter else None
    return None


def _tighter(old: str, limit: float, new: str, new_limit: float) -> bool:
    direction = 1 if new[0] == ">" else -1
    return (new_limit * direction, "=" not in new) > (limit * direction, "=" not in old)


def _lists(expression: str) -> Mapping[str, set[str]]:
    found = [*_IN.findall(expression), *_ANY.findall(expression)]
    return {column.lower(): set(_LITERAL.findall(values)) for column, values in found}
