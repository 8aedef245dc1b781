"""Findings for a person at a terminal: consequence, what to do instead, and the way to allow it, in this order."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TextIO

from ..core.wording import counted

if TYPE_CHECKING:
    from ..core.finding import Finding
    from ..core.judgement import Judgement

_WIDTH = 100


def write(judgement: Judgement, stream: TextIO) -> None:
    """Write all open findings, then one line that sums up."""
    for finding in judgement.open:
        stream.write(finding_text(finding))
    stream.write(_summary(judgement))


def finding_text(finding: Finding) -> str:
    """Return one finding, with an empty line behind it."""
    parts = [
        f"{_place(finding)}{finding.severity}: {finding.rule}{_server(finding)}",
        _wrapped(finding.message),
    ]
    if finding.instead:
        sentence, _, code = finding.instead.partition("\n\n")
        parts.append(_wrapped(f"Instead: {sentence}"))
        if code:
            parts.append(textwrap.indent(code, "  "))
    if finding.revision:
        parts.append(
            f'  To let it through, write into the revision: allow = {{"{finding.object_key}": "why"}}'
        )
    return "\n".join(parts) + "\n\n"


def _place(finding: Finding) -> str:
    if finding.path is None:
        return f"{finding.revision}: " if finding.revision else ""
    return f"{finding.path}:{finding.line}: " if finding.line else f"{finding.path}: "


def _server(finding: Finding) -> str:
    return f" ({finding.server})" if finding.server else ""


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)


def _summary(judgement: Judgement) -> str:
    counts = judgement.summary
    found = ", ".join(
        counted(counts[name], name[:-1]) for name in ("errors", "warnings", "infos") if counts[name]
    )
    allowed = f", {counts['allowed']} allowed" if counts["allowed"] else ""
    unclear = (
        f", {counted(len(judgement.unclear), 'revision')} not understood in full" if judgement.unclear else ""
    )
    return f"{counted(len(judgement.judged), 'revision')} judged: {found or 'nothing found'}{allowed}{unclear}.\n"
