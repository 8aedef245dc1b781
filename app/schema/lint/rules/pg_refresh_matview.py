"""Refreshing a materialized view keeps everybody who reads it waiting until its query has been run.

What it flags
    `REFRESH MATERIALIZED VIEW` without CONCURRENTLY, of a view that existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE is held on the view while its query runs and its indexes are built: every SELECT from it waits.
Example
    On postgresql:15:

        op.execute("REFRESH MATERIALIZED VIEW visit_count")
Instead
    Refresh it concurrently, which lets readers go on with the old rows and needs a unique index on the view:

        with op.get_context().autocommit_block():
            op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY visit_count")
When it is fine
    The view was created in the same revision, or has never been filled.
References
    PostgreSQL manual, REFRESH MATERIALIZED VIEW; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.keys import unique_keys
from ...core.ops import ViewOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-refresh-matview",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(ViewOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a refresh that readers wait for."""
    op = step.as_(ViewOp)
    if op.action != "refresh" or op.concurrently:
        return
    name = f"{op.schema}.{op.name}" if op.schema else op.name
    known = around.state.views.get(name)
    if known is not None and known.created_in == around.recording.revision:
        return
    indexed = any(unique_keys(around.state.table(name)))
    statement = re.sub(r"\bview\b", "VIEW CONCURRENTLY", step.sql or "", count=1, flags=re.IGNORECASE)
    steps = (FixStep((ExecuteSQLOp(statement),), autocommit=True),)
    filled = "no_data" not in step.clauses
    until = "its query has been run and its indexes have been built" if filled else "it is filled again"
    yield around.finding(
        step,
        f"Everybody who reads {name} waits until {until}.",
        "Refresh it concurrently; readers go on with the old rows:"
        if indexed
        else f"Give {name} a unique index over whole columns, and refresh it concurrently; readers then go on:",
        code=around.render(steps) if filled else None,
        table=name,
        fix=Fix("Refresh the view concurrently", steps) if indexed and filled else None,
    )
