"""The statement itself asks for a copy of the whole table, and writers wait until it is made.

What it flags
    `ALGORITHM=COPY` in ALTER TABLE, CREATE INDEX or DROP INDEX.
Why it hurts
    A copy takes time and disk in proportion to the table, and blocks INSERT, UPDATE and DELETE all the while (on
    MariaDB 11.2 and later only if LOCK=SHARED is asked for too). The server would have chosen the best way by itself.
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=COPY")
Instead
    Leave it to the server, or ask for the way that you expect, so that it refuses instead of copying:

        op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=INSTANT")
When it is fine
    The table was created in the same revision, or the copy is wanted to rebuild a damaged table.
References
    MySQL manual, ALTER TABLE, "Performance and Space Requirements"; strong_migrations copy_algorithm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp, MigrateOperation

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.table_copy import consequence, is_copied, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-explicit-algorithm-copy",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(MigrateOperation,),
    fixable=True,
    supersedes=("my-copy-algorithm", "my-explicit-lock"),
)
_CLAUSE = r"\bALGORITHM\s*=?\s*COPY\b"


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a copy that was asked for."""
    effect = around.effect_on(step.table)
    if step.clauses.get("algorithm", "").upper() != "COPY" or not is_copied(effect):
        return
    yield around.finding(
        step,
        f"Because of ALGORITHM=COPY {consequence(around.server, f'{step.table}{around.size(step.table)}', effect)}",
        "Leave it out; the server then chooses the way that blocks least:",
        fix=_without_clause(step, around),
        severity=severity_of(effect),
    )


def _without_clause(step: RecordedOp, around: Surroundings) -> Fix | None:
    """Return the statement without the clause, if nothing else stands in the same call."""
    together = [other for other in around.recording.operations if other.line == step.line]
    if step.sql is None or any(other.statement != step.statement for other in together):
        return None
    sql = re.sub(rf"{_CLAUSE}\s*,\s*", "", step.sql, flags=re.IGNORECASE)
    sql = re.sub(rf"\s*,?\s*{_CLAUSE}", "", sql, flags=re.IGNORECASE)
    return Fix("Leave out ALGORITHM=COPY", (FixStep((ExecuteSQLOp(sql.strip()),)),))
