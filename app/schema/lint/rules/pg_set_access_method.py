"""Another access method writes the whole table anew while nobody can read or write it.

What it flags
    `ALTER TABLE … SET ACCESS METHOD` on a table that existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE is held until every row and every index has been written in the new format. Before version 15 the
    statement does not exist.
Example
    On postgresql:15:

        op.execute("ALTER TABLE shelf SET ACCESS METHOD columnar")
Instead
    Make a second table with that access method, and fill it in batches:

        op.execute("CREATE TABLE shelf_archive (id integer PRIMARY KEY, label varchar(40)) USING columnar")
When it is fine
    The table was created in the same revision or is small.
References
    PostgreSQL manual, ALTER TABLE, "SET ACCESS METHOD".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-set-access-method", severity=Severity.ERROR, engines=POSTGRESQL, ops=(TableOptionOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that is written in another format."""
    op = step.as_(TableOptionOp)
    if op.option != "access method":
        return
    fails = (
        ""
        if around.server.at_least(15)
        else "The revision fails: the statement exists since version 15. There, "
    )
    yield around.finding(
        step,
        f"{fails}SET ACCESS METHOD {op.value} writes every row and every index of {step.table}"
        f"{around.size(step.table)} anew; nobody can read or write {step.table} until that is done.",
        "Make a second table with that access method, fill it in batches while a trigger keeps the two equal, and let "
        "the next release use it.",
    )
