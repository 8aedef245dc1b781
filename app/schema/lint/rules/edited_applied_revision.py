"""Databases that have run the old text keep the old schema; new databases get another one.

What it flags
    A revision that has been applied or published and does something else now than it did then: other operations,
    other parents, another downgrade. A change of formatting, comments or typing, and code that is written differently
    and does the same, are not flagged.
Why it hurts
    No database runs a revision twice. The edit reaches new databases only: tests and development pass on a schema
    that production does not have.
Example
    A revision that production has run adds a column as `sa.String(50)`; now the file says `sa.String(80)`.
Instead
    Give the file its old text back, and write the change as a new revision.
When it is fine
    The revision has been applied nowhere but on your own machine, or the edit mends a revision that could not run.
References
    Alembic documentation, "Tutorial": a revision is run once for each database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import EditedRevision, History

RULE = Rule(id="edited-applied-revision", severity=Severity.ERROR, engines=EVERY_ENGINE, scope="history")

_SEVERITY = {"downgrade": Severity.WARNING, "unknown": Severity.WARNING}
_CONSEQUENCE = {
    "operations": "databases that have run it keep the schema of the old text, new ones get another",
    "parents": "databases that have run it in the old place do not run what stands below it now",
    "downgrade": "its upgrade is the same, but going back now does something else than was reviewed",
    "unknown": "whether it still does the same cannot be told without a database",
}


def check(history: History) -> Iterator[Finding]:
    """Flag edits that change what a revision does."""
    for edited in history.edited:
        if edited.differs in _CONSEQUENCE:
            yield _finding(history, edited)


def _finding(history: History, edited: EditedRevision) -> Finding:
    details = f" ({edited.details})" if edited.details else ""
    return history.finding(
        RULE,
        edited.id,
        f"{edited.id} is part of {history.reference} and has been edited since{details}: "
        f"{_CONSEQUENCE[edited.differs]}.",
        "Give the file its old text back, and write the change as a new revision: `flask db revision -m …`.",
        path=edited.path,
        severity=_SEVERITY.get(edited.differs),
    )
