"""Findings for programs, in the form that the design names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ..core.judgement import Judgement


def write(judgement: Judgement, stream: TextIO) -> None:
    """Write one JSON object: all findings, the allowed ones too, and the summary."""
    document = {
        "findings": [finding.as_dict() for finding in judgement.findings],
        "summary": judgement.summary,
    }
    json.dump(document, stream, indent=2, ensure_ascii=False)
    stream.write("\n")
