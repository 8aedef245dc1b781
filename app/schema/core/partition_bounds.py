"""Whether CHECK constraints of a table prove that its rows belong into a partition, so that ATTACH need not look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .implication import implies_not_null

if TYPE_CHECKING:
    from .state import ConstraintState, TableState

_BOUNDS = re.compile(r"\bfor\s+values\b(?P<bounds>.*)$", re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(r"'(?:[^']|'')*'|-?\b\d+(?:\.\d+)?\b")
_NAME = re.compile(r"[a-z_]\w*", re.IGNORECASE)


def proves_bounds(table: TableState | None, statement: str) -> bool:
    """True if a validated CHECK of the table names every bound of `… FOR VALUES …` and lets no NULL pass.

    PostgreSQL then skips the scan (PostgreSQL manual, "Partition Maintenance"); a bound in another spelling than in
    the CHECK is not recognised here.
    """
    values = _VALUE.findall(bounds_of(statement))
    if table is None or not values:
        return False
    checks = [check for check in table.of_kind("check") if check.validated]
    return any(_covers(check, values) and _has_no_null(check, checks, table) for check in checks)


def bounds_of(statement: str) -> str:
    """Return what stands behind FOR VALUES, an empty string if nothing does."""
    match = _BOUNDS.search(statement)
    return match["bounds"].strip() if match else ""


def _covers(check: ConstraintState, values: list[str]) -> bool:
    return set(values) <= set(_VALUE.findall(check.expression or ""))


def _has_no_null(check: ConstraintState, checks: list[ConstraintState], table: TableState) -> bool:
    """True if no column of the condition can be NULL: a CHECK is content with NULL, a partition is not."""
    words = {word.lower() for word in _NAME.findall(re.sub(r"'(?:[^']|'')*'", "", check.expression or ""))}
    nullable = [column for column in table.columns.values() if column.name in words and column.nullable]
    return all(any(implies_not_null(c.expression, column.name) for c in checks) for column in nullable)
