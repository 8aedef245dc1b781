"""Switching between LOGGED and UNLOGGED writes the whole table anew while nobody can read or write it.

What it flags
    `ALTER TABLE … SET UNLOGGED` and `SET LOGGED` on a table that existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE is held until every row and every index has been written. An unlogged table is emptied after a
    crash and does not exist on replicas; a table that becomes logged goes through the WAL as a whole.
Example
    On postgresql:15:

        op.execute("ALTER TABLE shelf SET UNLOGGED")
Instead
    Decide it when the table is created. To change it later, make a second table, fill it in batches while a trigger
    keeps the two equal, and let the next release use it:

        op.execute("CREATE UNLOGGED TABLE shelf_cache (id integer PRIMARY KEY, label varchar(40))")
When it is fine
    The table was created in the same revision or is small.
References
    PostgreSQL manual, ALTER TABLE, "SET { LOGGED | UNLOGGED }"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-set-unlogged-logged", severity=Severity.ERROR, engines=POSTGRESQL, ops=(TableOptionOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that changes its persistence."""
    option = step.as_(TableOptionOp).option
    if option not in ("logged", "unlogged"):
        return
    lost = (
        f" From then on a crash empties {step.table}, and replicas do not have it."
        if option == "unlogged"
        else ""
    )
    yield around.finding(
        step,
        f"SET {option.upper()} writes every row and every index of {step.table}{around.size(step.table)} anew; nobody "
        f"can read or write {step.table} until that is done.{lost}",
        "Make a second table of the wanted kind, fill it in batches while a trigger keeps the two equal, and let the "
        "next release use it.",
    )
