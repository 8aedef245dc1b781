"""MariaDB adds a column with its CHECK at once and does not test a single row that is there.

What it flags
    ADD COLUMN with a CHECK on MariaDB, where existing rows may get a value that breaks it: from a default, from NOT
    NULL, or because the CHECK looks at NULL or at other columns.
Why it hurts
    The constraint is there and looks as if every row kept it, but rows that break it stay (measured on MariaDB
    10.11.19). Each later UPDATE of such a row fails.
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 0 CHECK (level > 0)")
Instead
    Give a default that keeps the rule:

        op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 1 CHECK (level > 0)")
When it is fine
    The column is NULL in the rows that are there, or the default keeps the rule: both are not flagged where that can be
    told. The table was created in the same revision.
References
    Measured on MariaDB 10.11.19: INSTANT, and a row with 0 stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp
from sqlalchemy import CheckConstraint, Column

from ...core.finding import Finding, Severity
from ...core.functions import default_sql
from ..rule import Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="maria-inline-check-not-verified",
    severity=Severity.ERROR,
    engines=("mariadb",),
    ops=(AddColumnOp,),
)
_NUMBER = r"'?(-?\d+(?:\.\d+)?)'?"
_HOLDS: dict[str, Any] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "<>": lambda a, b: a != b, "!=": lambda a, b: a != b, "=": lambda a, b: a == b,
}  # fmt: skip


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rule that rows which are there may break."""
    column = step.as_(AddColumnOp).column
    default = default_sql(column.server_default, around.server)
    table = around.table(step)
    others = set(table.columns) - {str(column.name)} if table else set()
    for constraint in column.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        rule = str(constraint.sqltext)
        if not _may_break(rule, column, default, others):
            continue
        yield around.finding(
            step,
            f"The rows of {step.table}{around.size(step.table)} that are there are not tested for CHECK ({rule}): "
            f"those that break it stay, and every later UPDATE of them fails.",
            "Give a default that keeps the rule, or look for rows that break it before the revision is done:",
            code=f"SELECT count(*) FROM {step.table} WHERE NOT ({rule})",
            column=str(column.name),
        )


def _may_break(rule: str, column: Column[Any], default: str | None, others: set[str]) -> bool:
    """True if the value that old rows get may break the rule; NULL keeps any rule that does not ask for it."""
    if others & set(re.findall(r"\w+", re.sub(r"'[^']*'", "", rule))):
        return True
    if default is None and column.nullable:
        return re.search(r"\bis\s+not\s+null\b|\bcoalesce|\bifnull|<=>", rule, re.IGNORECASE) is not None
    return not _keeps(rule, str(column.name), default or "0")


def _keeps(rule: str, name: str, default: str) -> bool:
    """True if a constant keeps a simple rule: a comparison with a number, BETWEEN, or a list of values."""
    subject, value = rf"[\s(]*[`\"]?{re.escape(name)}[`\"]?\s*", default.strip().strip("()")
    listed = re.fullmatch(rf"{subject}in\s*\((?P<list>[^()]*)\)[\s)]*", rule, re.IGNORECASE)
    if listed:
        return value.strip("'") in [part.strip().strip("'") for part in listed["list"].split(",")]
    number = re.fullmatch(_NUMBER, value)
    between = re.fullmatch(rf"{subject}between\s+{_NUMBER}\s+and\s+{_NUMBER}[\s)]*", rule, re.IGNORECASE)
    if number and between:
        return float(between[1]) <= float(number[1]) <= float(between[2])
    compared = re.fullmatch(rf"{subject}(?P<how><=|>=|<>|!=|<|>|=)\s*{_NUMBER}[\s)]*", rule)
    return bool(number and compared and _HOLDS[compared["how"]](float(number[1]), float(compared[2])))
