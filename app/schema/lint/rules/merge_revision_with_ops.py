"""What a merge revision does runs in another order on every database, and is easily overlooked.

What it flags
    A revision with several parents that does more than join them.
Why it hurts
    `flask db merge` writes an empty revision, and reviewers read it as empty. It also cannot be taken back alone:
    going below it splits the history again.
Example
    On postgresql:15:

        down_revision = ("a1", "b2")
        op.add_column("account", sa.Column("nickname", sa.String(50)))
Instead
    Leave the merge empty, and put the change into a revision on top of it:

        down_revision = ("a1", "b2")

    The revision on top of it:

        op.add_column("account", sa.Column("nickname", sa.String(50)))
When it is fine
    The change mends what the two branches did to each other.
References
    Alembic documentation, "Merging Branches".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import OpaqueOp, SelectOp, SettingOp
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="merge-revision-with-ops", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="revision")


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first operation of a merge."""
    if len(around.recording.parents) < 2:
        return
    steps = [s for s in around.recording.operations if not isinstance(s.op, (OpaqueOp, SelectOp, SettingOp))]
    if steps:
        yield around.finding(
            steps[0],
            f"{around.recording.revision} joins {' and '.join(around.recording.parents)} and changes the schema as "
            "well: a merge is taken for empty in review, and it cannot be undone without splitting the history again.",
            "Leave the merge empty, and put the change into a revision on top of it: `flask db revision -m …`.",
        )
