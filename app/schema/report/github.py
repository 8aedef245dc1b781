"""Findings as workflow commands of GitHub Actions: each becomes an annotation at its line.

Format: GitHub documentation, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from ..core.finding import Severity

if TYPE_CHECKING:
    from ..core.finding import Finding
    from ..core.judgement import Judgement

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(judgement: Judgement, stream: TextIO) -> None:
    """Write one command for each open finding."""
    for finding in judgement.open:
        text = "\n\n".join(part for part in (finding.message, finding.instead) if part)
        stream.write(f"::{_COMMANDS[finding.severity]} {_properties(finding)}::{_escaped(text)}\n")


def _properties(finding: Finding) -> str:
    values = {"file": finding.path, "line": finding.line, "title": finding.rule}
    return ",".join(f"{name}={_escaped_property(str(value))}" for name, value in values.items() if value)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
