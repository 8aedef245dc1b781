"""Nobody can tell later why this was allowed, so nobody dares to judge it again; the finding stays.

What it flags
    An entry of `allow` without a reason.
Why it hurts
    A permission is read when something went wrong. "It is small" or "nobody reads it since October" can be checked
    then; an empty text cannot, and so it does not count.
Example
    On postgresql:15:

        allow = {"pg-create-index-blocking book": ""}
        op.add_column("account", sa.Column("nickname", sa.String(50)))
Instead
    Say why, and until when if it ends: `{"drop-column user.nickname": "unused since 2026-10 (until 2027-01-31)"}`.
When it is fine
    Never.
References
    Linters for other frameworks that can demand a reason were asked to do so by their users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="ack-without-reason", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="allowances")


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag entries that say nothing."""
    for key in around.reasonless:
        yield around.finding(
            None,
            f'The entry "{key}" of `allow` in {around.recording.revision} gives no reason, so it allows nothing.',
            "Say why the finding is accepted, and until when if that ends:",
            code=f'allow = {{"{key}": "nobody reads it since 2026-10 (until 2027-01-31)"}}',
            line=around.line_of(key),
        )
