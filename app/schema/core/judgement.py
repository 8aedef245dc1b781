"""The outcome of judging revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Judgement:
    """Findings, with how much was judged.

    :param findings: everything found, what is allowed too, in the order of the history.
    :param judged: ids of the revisions that were judged.
    :param unclear: ids of those that could not be understood in full.
    :param servers: the servers that were judged for.
    """

    findings: Sequence[Finding] = ()
    judged: Sequence[str] = ()
    unclear: Sequence[str] = ()
    servers: Sequence[str] = ()

    @property
    def open(self) -> list[Finding]:
        """The findings that nobody allowed."""
        return [finding for finding in self.findings if finding.allowed is None]

    def at_least(self, severity: Severity) -> list[Finding]:
        """The open findings of a severity or a worse one."""
        return [finding for finding in self.open if finding.severity >= severity]

    @property
    def summary(self) -> dict[str, int]:
        """The counts that the JSON contract names."""
        severities = [finding.severity for finding in self.open]
        return {
            "errors": severities.count(Severity.ERROR),
            "warnings": severities.count(Severity.WARNING),
            "infos": severities.count(Severity.INFO),
            "allowed": len(self.findings) - len(self.open),
        }
