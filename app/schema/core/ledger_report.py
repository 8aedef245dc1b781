"""What `log` and `verify` find out, database by database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .entry import Entry
from .finding import Finding, Severity


@dataclass(frozen=True)
class DatabaseLog:
    """The ledger of one database.

    :param bind: bind key, "" for the default database.
    :param url: its address, with the password hidden.
    :param entries: newest first; `None` where there is no ledger.
    :param more: how many older ones were left out.
    """

    bind: str
    url: str
    entries: Sequence[Entry] | None
    more: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        entries = [entry.as_dict() for entry in self.entries or ()]
        return {
            "bind": self.bind,
            "database": self.url,
            "ledger": self.entries is not None,
            "entries": entries,
            "more": self.more,
        }


@dataclass(frozen=True)
class Verification:
    """How one database compares with its ledger and the revision files.

    :param bind: bind key, "" for the default database.
    :param url: its address, with the password hidden.
    :param heads: what the version table says.
    :param applied: how many revisions the ledger says are applied.
    :param findings: what does not fit, the worst first.
    """

    bind: str
    url: str
    heads: Sequence[str]
    applied: int
    findings: Sequence[Finding]

    @property
    def broken(self) -> bool:
        """Whether an upgrade would refuse to run."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)
