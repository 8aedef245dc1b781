"""What a revision was told by the database, so that it can be told the same when it runs anew.

A revision that goes on where it stopped is run from its beginning, and what has taken effect is passed over. What it
does may hang on what it reads (rows that nobody has written yet, the number of rows that a statement touched, the key
that an INSERT made), and what it read may be gone since: a column that a later statement dropped. So each answer is
kept beside the step that came after it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

MOST_ROWS = 100_000
"""Of one answer, and of those before one step together."""
_LONGEST = 4 * 1024 * 1024
_COMPRESSED_FROM = 1024

# Beside those that JSON has.
_KINDS: dict[str, tuple[type[Any], Callable[[Any], Any], Callable[[Any], Any]]] = {
    "bytes": (bytes, lambda it: base64.b64encode(it).decode(), base64.b64decode),
    "decimal": (Decimal, str, Decimal),
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "timedelta": (
        timedelta,
        lambda it: [it.days, it.seconds, it.microseconds],
        lambda it: timedelta(*it),
    ),
    "uuid": (UUID, str, UUID),
    "list": (
        list,
        lambda it: [_packed(value) for value in it],
        lambda it: [_unpacked(value) for value in it],
    ),
    "tuple": (
        tuple,
        lambda it: [_packed(value) for value in it],
        lambda it: tuple(_unpacked(value) for value in it),
    ),
    "dict": (
        dict,
        lambda it: [[_packed(key), _packed(value)] for key, value in it.items()],
        lambda it: {_unpacked(key): _unpacked(value) for key, value in it},
    ),
}


@dataclass(frozen=True)
class Answer:
    """What came of one statement.

    :param rowcount: how many rows it touched, as the driver says.
    :param lastrowid: the key that an INSERT made, as far as the driver says.
    :param columns: name of each column and the driver's number of its type; `None` if no rows come of it.
    """

    rowcount: int = -1
    lastrowid: int | None = None
    columns: tuple[tuple[str, Any], ...] | None = None
    rows: tuple[tuple[Any, ...], ...] = ()


class Answers:
    """The answers between two steps, in order.

    :param text: as `text` returned it.
    """

    def __init__(self, text: str = "") -> None:
        self._answers: list[tuple[str, Answer]] = []
        self._rows = 0
        self.complete = True
        """Whether all were kept; false if they were too long, or held what cannot be written down."""
        if text:
            self._read(text)

    def __bool__(self) -> bool:
        return bool(self._answers) or not self.complete

    def add(self, digest: str, answer: Answer | None) -> None:
        """Keep what came of a statement.

        :param answer: `None` if it is too long.
        """
        self._rows += len(answer.rows) + 1 if answer is not None else 0
        if answer is None or self._rows > MOST_ROWS:
            self.complete = False
        else:
            self._answers.append((digest, answer))

    def take(self, digest: str) -> Answer | None:
        """Return the next answer to a statement and go on behind it; `None` if there is none."""
        for at, (known, answer) in enumerate(self._answers):
            if known == digest:
                del self._answers[: at + 1]
                return answer
        return None

    def text(self) -> str:
        """Return them in the form in which they are written down."""
        try:
            rows = [
                [digest, it.rowcount, it.lastrowid, _packed(it.columns), _packed(it.rows)]
                for digest, it in self._answers
            ]
            text = json.dumps([self.complete, rows], separators=(",", ":"))
        except TypeError:
            return _NOTHING
        if len(text) > _COMPRESSED_FROM:
            text = base64.b64encode(zlib.compress(text.encode(errors="surrogatepass"))).decode()
        return text if len(text) <= _LONGEST else _NOTHING

    def _read(self, text: str) -> None:
        if not text.startswith("["):
            text = zlib.decompress(base64.b64decode(text)).decode(errors="surrogatepass")
        self.complete, rows = json.loads(text)
        self._answers = [
            (digest, Answer(rowcount, lastrowid, _unpacked(columns), _unpacked(its)))
            for digest, rowcount, lastrowid, columns, its in rows
        ]


_NOTHING = "[false,[]]"


def _packed(value: Any) -> Any:
    """:raises TypeError: if it is of a type that cannot be written down."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    for name, (known, pack, _) in _KINDS.items():
        if type(value) is known:
            return {name: pack(value)}
    raise TypeError(type(value))


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((name, packed),) = value.items()
    return _KINDS[name][2](packed)
