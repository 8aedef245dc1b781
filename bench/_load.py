"""A steady load on one table: clients in processes of their own, each of which keeps how long each operation took.

Started as a program, this file is one client, told by a JSON object which (`Client`). It sends one operation after the
other, `rate` in a second, each a transaction of its own on one row found by its key, says "ready" after the first ones,
and goes on until SIGTERM; then it writes its file: pairs of doubles, begin and end of each operation by the machine's
monotonic clock. It loads next to nothing, so that its start disturbs nobody.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from array import array
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

OWNERS = 1000
"""Rows of the small table that the large one refers to; every fourth operation goes there."""

READ = "SELECT id, code FROM {table} WHERE id = %s"
WRITE = "UPDATE {table} SET touched = touched + 1 WHERE id = %s"
CLIENTS = ("write", "write", "read", "read")
WARM = 20
"""Operations of a client before it is ready."""


@dataclass(frozen=True)
class Client:
    """One client.

    :param kind: "write" or "read".
    :param engine: "postgresql" or "mariadb".
    :param place: where to connect to: arguments of the driver.
    :param rows: of the large table.
    :param rate: operations in a second.
    :param seed: decides which rows.
    :param file: what it writes when it is stopped; beside it `file.failed` with the operations that failed.
    """

    kind: str
    engine: str
    place: dict[str, Any]
    rows: int
    rate: float
    seed: int
    file: str


@dataclass(frozen=True)
class Seen:
    """What the clients saw in a span of time. Milliseconds.

    :param write: the longest that one operation of a writer took.
    :param read: the same of a reader.
    :param write_p99: what 99 of 100 operations of a writer took at most.
    :param gap: the longest time in which no writer at all came to the end of an operation.
    :param failed: operations that failed.
    """

    write: float
    read: float
    write_p99: float
    gap: float
    failed: int


class Load:
    """The clients of one run; inside the block all of them are at work.

    :param engine: "postgresql" or "mariadb".
    :param place: where to connect to: arguments of the driver.
    :param rows: of the large table.
    :param rate: operations in a second of each client.
    """

    def __init__(self, engine: str, place: dict[str, Any], rows: int, rate: float) -> None:
        self._given = {"engine": engine, "place": place, "rows": rows, "rate": rate}
        self._end = ExitStack()
        self._clients: list[tuple[str, Path, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Load:
        folder = Path(self._end.enter_context(tempfile.TemporaryDirectory()))
        for number, kind in enumerate(CLIENTS):
            file = folder / str(number)
            client = Client(kind=kind, seed=number, file=str(file), **self._given)
            command = [sys.executable, __file__, json.dumps(asdict(client))]
            process = subprocess.Popen(command, stdout=subprocess.PIPE)
            self._clients.append((kind, file, process))
        try:
            for _, _, process in self._clients:
                if process.stdout is None or process.stdout.readline() != b"ready\n":
                    raise SystemExit("A client of the load could not be started.")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._end.close()

    def seen(self, begin: float, end: float) -> Seen:
        """Stop the clients and return what they saw of a span of time, by `time.monotonic()`."""
        self._stop()
        operations: dict[str, list[tuple[float, float]]] = {"write": [], "read": [], "failed": []}
        for kind, file, _ in self._clients:
            for failed, path in ((False, file), (True, _failures(file))):
                found = [(a, b) for a, b in _pairs(path) if b >= begin and a <= end]
                operations["failed" if failed else kind] += found
        writes = sorted(b - a for a, b in operations["write"])
        ends = sorted([begin, *(b for _, b in operations["write"] if b <= end), end])
        return Seen(
            write=1000 * max(writes, default=0.0),
            read=1000 * max((b - a for a, b in operations["read"]), default=0.0),
            write_p99=1000 * (writes[int(0.99 * len(writes))] if writes else 0.0),
            gap=1000 * max(b - a for a, b in pairwise(ends)),
            failed=len(operations["failed"]),
        )

    def _stop(self) -> None:
        for _, _, process in self._clients:
            process.terminate()
        for _, _, process in self._clients:
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _pairs(path: Path) -> list[tuple[float, float]]:
    values = array("d", path.read_bytes() if path.exists() else b"")
    return list(zip(values[::2], values[1::2], strict=True))


def _failures(path: Path) -> Path:
    return path.with_name(f"{path.name}.failed")


def _connected(client: Client) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return a cursor on a connection whose statements are transactions of their own, and what it raises."""
    if client.engine == "postgresql":
        import psycopg  # the driver that is not asked for is not loaded

        # A plan that was prepared before a change of the table would have to be made anew behind it.
        return psycopg.connect(**client.place, autocommit=True, prepare_threshold=None).cursor(), (
            psycopg.Error,
        )
    import pymysql  # likewise

    return pymysql.connect(**client.place, autocommit=True).cursor(), (pymysql.Error,)


def _run(client: Client) -> None:
    """Be one client."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the parent ends its clients
    cursor, errors = _connected(client)
    chance, times, failures = random.Random(client.seed), array("d"), array("d")  # noqa: S311  # no secret
    template = WRITE if client.kind == "write" else READ
    large, small = template.format(table="items"), template.format(table="owners")
    parent, number = os.getppid(), 0
    gc.disable()
    tick = time.monotonic() + chance.random() / client.rate
    while not stopped and os.getppid() == parent:
        time.sleep(max(0.0, tick - time.monotonic()))
        number += 1
        sql, top = (small, OWNERS) if number % 4 == 0 else (large, client.rows)
        begin = time.monotonic()
        try:
            cursor.execute(sql, (chance.randint(1, top),))
            kept = times
        except errors:
            kept = failures
        kept.extend((begin, time.monotonic()))
        # What was missed during a stall is not made up for: the rate is steady, not the number.
        tick = max(tick + 1 / client.rate, time.monotonic())
        if number == WARM:
            print("ready", flush=True)
    Path(client.file).write_bytes(times.tobytes())
    _failures(Path(client.file)).write_bytes(failures.tobytes())


if __name__ == "__main__":
    _run(Client(**json.loads(sys.argv[1])))
