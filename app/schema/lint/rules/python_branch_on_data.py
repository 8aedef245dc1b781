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

from ...core.batching import only_batches, reads_little
from ...core.finding import Finding, Severity
from ...core.ops import SelectOp
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="python-branch-on-data", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="revision")


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
    """True if one number or a batch of rows is read at a time, and decides only when a loop over rows ends."""
    asked = [
        s.op.sql for s in around.recording.operations if isinstance(s.op, SelectOp) and s.source == "bind"
    ]
    return bool(asked) and reads_little(asked) and only_batches(around.recording.source)


def _question(around: Surroundings) -> RecordedOp | None:
    """Return the query, if it was sent as one; questions about tables and columns leave no trace."""
    asked = (
        step
        for step in around.recording.operations
        if isinstance(step.op, SelectOp) and step.source == "bind"
    )
    return next(asked, None)
