"""Waits for the lock of a database, and says for whom."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.duration import lasting
from ..core.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.runner_lock import RunnerLock

_SHORTEST_PAUSE = 0.05
_SOON_ENOUGH = 0.3
_LONGEST_PAUSE = 1.0


class AnotherRunner(Busy):
    """Another runner kept the lock for longer than this one may wait."""


@dataclass(frozen=True)
class Patience:
    """How a runner waits.

    :param seconds: for how long.
    :param tell: is given one line when the wait begins.
    """

    seconds: float
    tell: Callable[[str], None]


@contextmanager
def held(lock: RunnerLock, patience: Patience) -> Iterator[None]:
    """Have the lock inside the block.

    :raises AnotherRunner: if it could not be had in time.
    """
    try:
        _wait(lock, patience)
        yield
    finally:
        lock.release()


def _wait(lock: RunnerLock, patience: Patience) -> None:
    """Try until the lock is had. Nothing blocks in the database meanwhile: see `dialects.locks.postgresql`."""
    deadline = None  # to open the connection of the lock is no waiting
    pause, told = _SHORTEST_PAUSE, False
    while not lock.acquire():
        deadline = deadline or time.monotonic() + patience.seconds
        left = deadline - time.monotonic()
        if left <= 0:
            raise _too_long(lock, patience)
        if not told:
            told = _tell(lock, patience, early=pause < _SOON_ENOUGH)
        # Runners that started together must not try together for ever.
        time.sleep(min(pause * random.uniform(0.5, 1.5), left))  # noqa: S311  # nothing here is a secret
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _tell(lock: RunnerLock, patience: Patience, *, early: bool) -> bool:
    """Say who has the lock; whether that was said.

    :param early: whether the holder may be about to write down its name.
    """
    holder = lock.holder()
    if holder is None or (early and holder.pid is None and not holder.orphan):
        return False
    patience.tell(
        f"Another runner is migrating this database: {holder}. Waiting for up to {lasting(patience.seconds)}."
    )
    return True


def _too_long(lock: RunnerLock, patience: Patience) -> AnotherRunner:
    holder = lock.holder()
    return AnotherRunner(
        "Another runner is still migrating this database"
        + (f": {holder}." if holder is not None else ".")
        + f" Nothing was run after a wait of {lasting(patience.seconds)}.",
        expected="One runner at a time may change a schema.",
        hint="Type the command again when the other one is done, or let it wait longer with SCHEMA_RUNNER_WAIT.",
    )
