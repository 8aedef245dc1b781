"""`flask db upgrade` refuses to run, because it cannot know which of several heads is meant.

What it flags
    Two or more revisions that no other revision builds on.
Why it hurts
    Two branches each added a revision on top of the same parent, and git merged them without a conflict. The next
    deploy stops with "Multiple head revisions are present", usually hours after both were reviewed.
Example
    `a1` and `b2` both say `down_revision = "c0"`.
Instead
    Build the newer one on the older one, as long as no database has applied it, or join both with
    `flask db merge heads`.
When it is fine
    Every head carries a branch label of its own: the branches are separate on purpose, and each is upgraded by name.
References
    Alembic documentation, "Working with Branches".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import History

RULE = Rule(id="multiple-heads", severity=Severity.ERROR, engines=EVERY_ENGINE, scope="history")


def check(history: History) -> Iterator[Finding]:
    """Flag a history that ends in more than one revision."""
    if len(history.heads) < 2 or _are_labelled(history):
        return
    heads = sorted(history.heads)
    newest = _not_applied(history, heads) or heads[-1]
    yield history.finding(
        RULE,
        newest,
        f"`flask db upgrade` stops before it changes anything: the history ends in {len(heads)} revisions, "
        f"{', '.join(heads)}, and it cannot know which one is meant.",
        f"If {newest} has not been applied anywhere, let it build on the other: `down_revision = "
        f'"{next(head for head in heads if head != newest)}"`. Otherwise join them with `flask db merge heads`.',
    )


def _are_labelled(history: History) -> bool:
    """True if each head can be named by a label that no other head has."""
    labels = [_labels(history, head) for head in history.heads]
    return all(own - set().union(*(other for other in labels if other is not own)) for own in labels)


def _labels(history: History, head: str) -> frozenset[str]:
    """Return the branch labels of a revision and of everything that it builds on."""
    found, waiting, seen = frozenset[str](), [head], set[str]()
    while waiting:
        revision = history.revisions.get(waiting.pop())
        if revision is not None and revision.id not in seen:
            seen.add(revision.id)
            found |= revision.labels
            waiting += revision.parents
    return found


def _not_applied(history: History, heads: list[str]) -> str | None:
    return next(
        (head for head in reversed(heads) if history.applied is not None and head not in history.applied),
        None,
    )
