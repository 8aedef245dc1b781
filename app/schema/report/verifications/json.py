"""Comparisons of files and databases for programs, in the form that findings have everywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from ...core.judgement import Judgement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.ledger_report import Verification


def write(found: Sequence[Verification], stream: TextIO) -> None:
    """Write one JSON object: all findings, each with its database as `server`, the summary, and the databases."""
    findings = [replace(finding, server=it.url) for it in found for finding in it.findings]
    judgement = Judgement(findings)
    document = {
        "findings": [finding.as_dict() for finding in judgement.findings],
        "summary": judgement.summary,
        "databases": [
            {"bind": it.bind, "database": it.url, "heads": list(it.heads), "applied": it.applied}
            for it in found
        ],
    }
    json.dump(document, stream, indent=2, ensure_ascii=False)
    stream.write("\n")
