"""DROP FUNCTION … CASCADE takes triggers, defaults and policies along and locks the tables that they belong to.

What it flags
    `DROP FUNCTION` or `DROP PROCEDURE` with CASCADE, of one that the revision did not create.
Why it hurts
    The statement names no table, yet takes ACCESS EXCLUSIVE on each one whose trigger, default, CHECK or policy calls
    the function, and removes it there: nobody reviewed which, and a downgrade does not bring it back.
Example
    On postgresql:15:

        op.execute("DROP FUNCTION stamp() CASCADE")
Instead
    Drop what calls it by name, then the function; PostgreSQL refuses if something was overlooked:

        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("DROP TRIGGER stamp ON shelf")
        op.execute("DROP FUNCTION stamp()")
When it is fine
    The function was created in the same revision.
References
    PostgreSQL manual, DROP FUNCTION; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import FunctionOp
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-drop-trigger-function-cascade", severity=Severity.WARNING, engines=POSTGRESQL, ops=(FunctionOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a function that takes along what calls it."""
    op = step.as_(FunctionOp)
    made = (s.op for s in around.earlier if isinstance(s.op, FunctionOp) and s.op.action == "create")
    if op.action != "drop" or not op.cascade or any(one.name == op.name for one in made):
        return
    plain = re.sub(r"\s+cascade\b", "", step.sql or "", flags=re.IGNORECASE)
    yield around.finding(
        step,
        f"Together with function {op.name}, CASCADE drops every trigger, default, CHECK and policy that calls it, and "
        "locks their tables against reads and writes until the transaction ends; the revision names none of them.",
        "Drop what calls it by name, then the function without CASCADE; PostgreSQL refuses if something is left:",
        code=executed("DROP TRIGGER … ON …", plain),
    )
