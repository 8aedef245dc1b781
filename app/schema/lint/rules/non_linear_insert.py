"""A database that is already past this place never runs the revision, and nobody is told.

What it flags
    A new revision that stands below one which has been applied already.
Why it hurts
    Alembic remembers only the newest revision of a database. What stands below it counts as done, so the new revision
    is skipped there, while an empty database runs it. From then on the two schemas differ, and `flask db current`
    shows the same for both.
Example
    `b` is applied and said `down_revision = "a"`; now `new` builds on `a`, and `b` says `down_revision = "new"`.
Instead
    Let the new revision build on the head.
When it is fine
    No database has applied what stands above it.
References
    Alembic documentation, "Working with Branches"; Alembic's `alembic_version` table holds heads only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import History

RULE = Rule(id="non-linear-insert", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="history")


def check(history: History) -> Iterator[Finding]:
    """Flag new revisions that have applied descendants."""
    if not history.applied:
        return
    for revision in history.revisions:
        above = next((other for other in history.descendants(revision) if other in history.applied), None)
        if revision in history.applied or above is None:
            continue
        head = next(iter(sorted(history.heads)))
        yield history.finding(
            RULE,
            revision,
            f"{history.reference[:1].upper()}{history.reference[1:]} already has {above}, which now builds on "
            f"{revision}: {revision} counts as done there and is never run, while an empty database runs it, so the "
            "two schemas come to differ.",
            f'Put it on top: `down_revision = "{head}"` in {revision}, and give {above} its old down_revision back.',
        )
