"""Findings and plans → one output format each. `write(report, stream)` is all that a format offers."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from ..core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Report:
    """Findings of one command, with how much was judged.

    :param judged: revisions that were judged; :param unclear: those of them that could not be understood in full.
    """

    findings: Sequence[Finding]
    judged: int = 0
    unclear: int = 0
    explanations: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> list[Finding]:
        """The findings that nobody allowed."""
        return [finding for finding in self.findings if finding.allowed is None]

    def count(self, severity: Severity) -> int:
        """Count the open findings of a severity."""
        return sum(finding.severity == severity for finding in self.open)

    @property
    def summary(self) -> dict[str, int]:
        """The counts that the JSON contract names."""
        return {
            "errors": self.count(Severity.ERROR),
            "warnings": self.count(Severity.WARNING),
            "infos": self.count(Severity.INFO),
            "allowed": len(self.findings) - len(self.open),
        }


def formats() -> list[str]:
    """Return the names of the formats: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def write(report: Report, format_name: str, stream: TextIO) -> None:
    """Write a report in a format to a stream."""
    importlib.import_module(f"{__name__}.{format_name}").write(report, stream)
