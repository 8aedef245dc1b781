"""Findings as SARIF 2.1.0, for code scanning. Format: OASIS, "Static Analysis Results Interchange Format"."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..core.finding import Severity

if TYPE_CHECKING:
    from ..core.finding import Finding
    from ..core.judgement import Judgement

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(judgement: Judgement, stream: TextIO) -> None:
    """Write one run; allowed findings are results with an accepted suppression."""
    rules = sorted({finding.rule for finding in judgement.findings})
    driver = {
        "name": "flask db lint",
        "rules": [{"id": rule} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "results": [_result(f, rules.index(f.rule)) for f in judgement.findings],
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def _result(finding: Finding, index: int) -> dict[str, Any]:
    text = "\n\n".join(part for part in (finding.message, finding.instead) if part)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "partialFingerprints": {"findingKey/v1": f"{finding.revision}:{finding.object_key}"},
    }
    if finding.path:
        result["locations"] = [{"physicalLocation": _location(finding)}]
    if finding.allowed is not None:
        result["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": finding.allowed}
        ]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": Path(str(finding.path)).as_posix()}}
    if finding.line:
        location["region"] = {"startLine": finding.line}
    return location
