"""What the revision does depends on what it finds in the database, so nobody can review it beforehand.

What it flags
    A revision that reads rows, or asks which tables and columns there are, and goes on with the answer.
Why it hurts
    It does one thing on your machine and another in production. It cannot be judged here, and `flask db upgrade --sql`
    cannot write it down.
Example
    On postgresql:15:

        rows = op.get_bind().execute(sa.text("SELECT id FROM account")).fetchall()
        if rows:
            op.get_bind().execute(sa.text("SELECT 1"))
Instead
    Let one statement find its rows itself:

        op.execute("UPDATE shelf SET label = 'old' WHERE id IN (SELECT id FROM book WHERE pages > 900 LIMIT 1000)")
When it is fine
    What is read tells only how far a loop over batches of rows goes, or makes the revision stop with an error; neither
    is flagged.
References
    Alembic documentation, "Generating SQL Scripts (a.k.a. Offline Mode)".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.batching import is_number, loops_send, only_batches, reads_little
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp, HarmlessOp, OpaqueOp, SelectOp, SettingOp, TransactionOp
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="python-branch-on-data", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="revision")

_ABOUT_ROWS = (DmlOp, HarmlessOp, OpaqueOp, SelectOp, SettingOp, TransactionOp)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag a revision that asked the database something."""
    if around.recording.reads_data and not _only_batches(around):
        yield around.finding(
            _question(around),
            f"Nobody can tell beforehand what {around.recording.revision} does: it reads from the database and goes on "
            "with the answer. What is reported here is what it does on an empty database, and `flask db upgrade --sql` "
            "cannot write it down.",
            "Let one SQL statement find its rows itself (UPDATE … WHERE …, INSERT … SELECT …); change the schema "
            "without asking what is there.",
        )


def _only_batches(around: Surroundings) -> bool:
    """True if what is read decides when a loop over rows ends, or that the revision stops with an error.

    A name that is read may end up in a change of the schema; a number may not.
    """
    steps, source = around.recording.operations, around.recording.source
    asked = [step.op.sql for step in steps if isinstance(step.op, SelectOp) and step.source == "bind"]
    if not asked or not only_batches(source):
        return False
    rows_only = all(isinstance(step.op, _ABOUT_ROWS) for step in steps)
    return all(map(is_number, asked)) or (rows_only and (reads_little(asked) or not loops_send(source)))


def _question(around: Surroundings) -> RecordedOp | None:
    """Return the query, if it was sent as one; questions about tables and columns leave no trace."""
    asked = (
        step
        for step in around.recording.operations
        if isinstance(step.op, SelectOp) and step.source == "bind"
    )
    return next(asked, None)
