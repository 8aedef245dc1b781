"""Ledgers for a person at a terminal: one line for each entry, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from ...core.duration import lasting
from ...core.entry import Entry, Result, short_version
from ...core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.ledger_report import DatabaseLog

_HEADERS = ("when (UTC)", "revision", "what", "took", "by", "code", "message")


def write(logs: Sequence[DatabaseLog], stream: TextIO) -> None:
    """Write the ledgers; with several databases each under its address."""
    for number, log in enumerate(logs):
        if len(logs) > 1:
            stream.write(f"{chr(10) if number else ''}{log.url}\n")
        stream.writelines(f"{line}\n" for line in _lines(log))


def _lines(log: DatabaseLog) -> Iterator[str]:
    if log.entries is None:
        yield "There is no ledger in this database yet. `flask db upgrade` begins it when it runs a revision."
        return
    if not log.entries:
        yield "Nothing is entered."
        return
    rows = [_HEADERS, *map(_cells, log.entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADERS))]
    notes = [(), *map(_notes, log.entries)]
    for row, below in zip(rows, notes, strict=True):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield from (f"    {line}" for line in below)
    if log.more:
        yield f"{counted(log.more, 'older entry').replace('entrys', 'entries')} left out; `-n 0` shows all."


def _cells(entry: Entry) -> tuple[str, ...]:
    moment = f"{entry.moment:%Y-%m-%d %H:%M:%S}" if entry.moment else ""
    return (moment, entry.revision, _what(entry), _took(entry), _who(entry), _code(entry), entry.page.message)


def _what(entry: Entry) -> str:
    """Kind and outcome; where the kind does not say it, whether the revision is applied afterwards."""
    taken_back = entry.direction == "downgrade" and entry.kind.value != "downgrade"
    words = [entry.kind.value, *(["away"] if taken_back else [])]
    return " ".join([*words, *([] if entry.result is Result.DONE else [entry.result.value])])


def _took(entry: Entry) -> str:
    return lasting(entry.duration) if entry.duration else ""


def _who(entry: Entry) -> str:
    return f"{entry.user}@{entry.host}" if entry.user else entry.host


def _code(entry: Entry) -> str:
    return short_version(entry.code) if entry.code else ""


def _notes(entry: Entry) -> tuple[str, ...]:
    lines = entry.error.splitlines() if entry.error else []
    if entry.attempts > 1:
        lines.append(f"{entry.attempts} attempts, the longest wait {lasting(entry.longest_wait)}")
    return (*lines, *([f"note: {entry.note}"] if entry.note else []))
