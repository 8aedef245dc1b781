"""The revision fails: CREATE OR REPLACE VIEW can add columns at the end, and nothing else.

What it flags
    A view that is replaced by one whose first columns are not those of the old one, where both lists are known.
Why it hurts
    PostgreSQL refuses it with "cannot drop columns from view" or "cannot change name of view column", and the deploy
    stops.
Example
    On postgresql:15:

        op.execute("CREATE OR REPLACE VIEW visit_page AS SELECT page, day FROM visit")
Instead
    Add columns behind the old ones, or make the view anew in the same transaction:

        op.execute("DROP VIEW visit_page")
        op.execute("CREATE VIEW visit_page AS SELECT page, day FROM visit")
When it is fine
    Never: it fails. Code that reads the view by position breaks with the new one too.
References
    PostgreSQL manual, CREATE VIEW; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import ViewOp
from ...core.source import executed
from ...core.view_use import has_star
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-replace-view-incompatible", severity=Severity.WARNING, engines=POSTGRESQL, ops=(ViewOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a view whose columns do not start with the old ones."""
    op = step.as_(ViewOp)
    name = f"{op.schema}.{op.name}" if op.schema else op.name
    known = around.state.views.get(name)
    if op.action != "replace" or known is None or has_star(known.query) or has_star(step.sql or ""):
        return
    old, new = known.columns, op.columns
    if not old or not new or new[: len(old)] == old:
        return
    gone = [column for column in old if column not in new]
    why = f"column {gone[0]} is gone" if gone else f"the order of its columns is no longer {', '.join(old)}"
    create = re.sub(r"\bor\s+replace\s+", "", step.sql or "", count=1, flags=re.IGNORECASE)
    yield around.finding(
        step,
        f"The revision fails: CREATE OR REPLACE VIEW {name} may only add columns at the end, and {why}.",
        "Keep the old columns first, or make the view anew in the same transaction:",
        code=executed(f"DROP VIEW {name}", create),
        table=name,
    )
