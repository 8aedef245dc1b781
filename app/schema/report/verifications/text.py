"""Comparisons of files and databases for a person at a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TextIO

from ...core.finding import Severity
from ...core.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.finding import Finding
    from ...core.ledger_report import Verification

_WIDTH = 100


def write(found: Sequence[Verification], stream: TextIO) -> None:
    """Write what does not fit, then one line that sums up; with several databases each under its address."""
    for number, verification in enumerate(found):
        if len(found) > 1:
            stream.write(f"{chr(10) if number else ''}{verification.url}\n")
        for finding in verification.findings:
            stream.writelines(f"{line}\n" for line in _lines(finding))
        stream.write(f"{_summary(verification)}\n")


def _lines(finding: Finding) -> Iterator[str]:
    sentence, _, diff = finding.message.partition("\n\n")
    place = f"{finding.revision}: " if finding.revision else ""
    yield f"{place}{finding.severity}: {finding.rule}"
    yield _wrapped(sentence)
    if diff:
        yield textwrap.indent(diff, "    ")
    if finding.instead:
        yield _wrapped(finding.instead)
    yield ""


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(verification: Verification) -> str:
    stands = f"revision {listed(verification.heads)}" if verification.heads else "no revision"
    severities = [finding.severity for finding in verification.findings]
    words = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
    counts = [counted(severities.count(it), name) for it, name in words if it in severities]
    entered = f"{counted(verification.applied, 'revision')} applied by the ledger"
    return f"The database stands at {stands}, {entered}: {', '.join(counts) or 'all as it was applied'}."
