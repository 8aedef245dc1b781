"""The `allow` variable of a revision: findings that its author accepts, each with a reason.

    allow = {"drop-column user.nickname": "unused since 2026-10 (until 2027-01-31)"}

The key is `rule`, `rule table` or `rule table.column`. A date in the reason ends the permission.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .catalogue import by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..core.finding import Finding

_UNTIL = re.compile(r"\(until (?P<date>\d{4}-\d{2}-\d{2})\)")


@dataclass(frozen=True)
class Allowance:
    """One entry of an `allow` variable."""

    key: str
    reason: str

    @property
    def until(self) -> dt.date | None:
        """The last day on which the entry holds; None if it does not end or the date does not exist."""
        match = _UNTIL.search(self.reason)
        try:
            return dt.date.fromisoformat(match["date"]) if match else None
        except ValueError:
            return None

    @property
    def has_reason(self) -> bool:
        """True if somebody said why."""
        return bool(_UNTIL.sub("", self.reason).strip())

    def holds(self, today: dt.date) -> bool:
        """True if the entry has a reason and has not expired."""
        return self.has_reason and (self.until is None or today <= self.until)

    def covers(self, finding: Finding) -> bool:
        """True if the entry is about this finding."""
        rule, _, place = self.key.partition(" ")
        known = by_id().get(rule)
        if rule != finding.rule and (known is None or finding.rule not in known.rule.ids):
            return False
        return place in ("", finding.table, f"{finding.table}.{finding.column}")


def allowances(allow: Mapping[str, str]) -> list[Allowance]:
    """Return the entries of an `allow` variable."""
    return [Allowance(" ".join(key.split()), reason) for key, reason in allow.items()]


def apply(
    findings: Iterable[Finding], allow: Mapping[str, str], today: dt.date
) -> tuple[list[Finding], set[str]]:
    """Mark the findings that are allowed.

    :return: the findings, and the keys of the entries that covered one.
    """
    entries, used, marked = allowances(allow), set[str](), []
    for finding in findings:
        covering = [entry for entry in entries if entry.covers(finding)]
        used.update(entry.key for entry in covering)
        reason = next((entry.reason for entry in covering if entry.holds(today)), None)
        marked.append(replace(finding, allowed=reason))
    return marked, used
