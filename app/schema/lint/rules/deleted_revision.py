"""Every `flask db` command fails on a database that stands at a revision whose file is gone.

What it flags
    A revision that has been applied or published and whose file is no longer there.
Why it hurts
    Alembic finds the id in the database and no file for it: "Can't locate revision identified by …", for `upgrade`,
    `current` and `stamp` alike. Deploys stop, and the way back is by hand.
Example
    `versions/4f2a_add_name.py` was removed after production had run it.
Instead
    Put the file back, and undo what it did in a new revision.
When it is fine
    A squash took its place and says so, so that databases can be moved over.
References
    Alembic, "Can't locate revision identified by".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import History

RULE = Rule(id="deleted-revision", severity=Severity.ERROR, engines=EVERY_ENGINE, scope="history")


def check(history: History) -> Iterator[Finding]:
    """Flag revisions whose file is gone and that nothing replaces."""
    for deleted in history.deleted:
        if deleted.replaced_by in history.revisions:
            continue
        file = f"git checkout <commit> -- {deleted.path}" if deleted.path else "git log --diff-filter=D"
        yield history.finding(
            RULE,
            deleted.id,
            f"{deleted.id} is part of {history.reference} and its file is gone: on a database that stands there, every "
            f"`flask db` command fails with \"Can't locate revision identified by '{deleted.id}'\".",
            f"Put the file back (`{file}`), and undo what it did in a new revision.",
            path=deleted.path,
        )
