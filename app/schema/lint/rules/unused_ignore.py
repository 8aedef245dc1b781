"""A permission that nothing needs hides the next real finding of that rule.

What it flags
    An entry of `allow` that no finding of the revision needed, that names a rule which does not exist, or whose date
    has passed.
Why it hurts
    The entry stays when the operation goes. If somebody adds such an operation again, it is allowed before anybody has
    looked at it.
Example
    On postgresql:15:

        allow = {"pg-create-index-blocking account": "the table is small"}
        op.add_column("account", sa.Column("nickname", sa.String(50)))
Instead
    Remove the entry:

        op.add_column("account", sa.Column("nickname", sa.String(50)))
When it is fine
    Never.
References
    The `allow` variable: each entry is `rule`, `rule table` or `rule table.column`, with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="unused-ignore", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="allowances")


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag entries that do nothing."""
    for key in around.unused:
        yield _finding(
            around, key, "allows a finding that is not there: it would let the next one through unseen"
        )
    for key, date in around.expired.items():
        yield _finding(around, key, f"ended on {date}: what it allowed is reported again")


def _finding(around: Surroundings, key: str, what: str) -> Finding:
    return around.finding(
        None,
        f'The entry "{key}" of `allow` in {around.recording.revision} {what}.',
        f'Remove "{key}" from `allow`, or write down the reason and the date that hold today.',
        line=around.line_of(key),
    )
