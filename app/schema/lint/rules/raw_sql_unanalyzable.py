"""What this statement does to the tables and to the running site is not known; it must not be taken for safe.

What it flags
    A statement that could not be understood, a call of an operation that is not installed here, and a revision that
    cannot be loaded or does not run to its end without a database.
Why it hurts
    Every other rule is silent about what it could not read. No finding then does not mean that nothing happens: the
    statement may hold a lock, rewrite a table or delete rows.
Example
    On postgresql:15:

        op.execute("DO $$ BEGIN EXECUTE 'ALTER TABLE account DROP COLUMN name'; END $$")
Instead
    Write it as an operation, or as a plain statement:

        op.execute("UPDATE shelf SET label = 'old' WHERE id = 1")
When it is fine
    Somebody read the statement and knows what it does. Allow it then, and say in the reason what that is.
References
    Issue trackers of every migration linter: raw SQL is where their knowledge ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.imports import application_imports, missing_libraries
from ...core.ops import OpaqueOp
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="raw-sql-unanalyzable",
    severity=Severity.WARNING,
    engines=EVERY_ENGINE,
    ops=(OpaqueOp,),
    new_tables=True,
)

_SHOWN = 60


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what could not be understood, unless another rule names the cause."""
    op = step.as_(OpaqueOp)
    if _has_own_rule(op, around) or _said_before(op, around):
        return
    text = " ".join((op.sql or step.sql or "").split())
    what = f"`{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}`" if text else "What happens here"
    yield around.finding(
        step,
        f"{what} cannot be judged, because {op.reason}. Nobody has checked which rows it changes, which tables it "
        "locks and for how long: it is not taken for safe.",
        "Write it with `op.…` or as one plain SQL statement that can be read. If you have checked it, allow it and say "
        "in the reason what it does.",
    )


def _said_before(op: OpaqueOp, around: Surroundings) -> bool:
    """True if the same could not be understood further up: twenty uses of one missing verb are one problem."""
    earlier = (step.op for step in around.earlier if isinstance(step.op, OpaqueOp))
    return any(other.reason == op.reason and other.sql == op.sql for other in earlier)


def _has_own_rule(op: OpaqueOp, around: Surroundings) -> bool:
    """True if python-branch-on-data or app-model-import reports what lies behind it."""
    recording = around.recording
    if op.cause == "data":
        return True
    if op.cause == "import":
        # What the library is used for is reported where it is used, if that could not be understood.
        used = any(
            isinstance(step.op, OpaqueOp) and step.op.cause == "statement" for step in recording.operations
        )
        return used or not missing_libraries(recording)
    if op.cause in ("stop", "load"):
        return recording.reads_data or bool(application_imports(recording))
    return False
