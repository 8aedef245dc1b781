"""Tries again what missed its lock: with growing, jittered pauses, until the budget is spent."""

from __future__ import annotations

import random
import time
from time import sleep
from typing import TYPE_CHECKING

from ..core.duration import lasting
from ..core.errors import Busy
from ..core.waits import Miss
from ..core.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.effort import Effort
    from ..core.waits import Blocker
    from .policy import Policy

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0
_GROWTH = 1.6
_SHOWN = 100


class LockNotObtained(Busy):
    """A statement did not get its lock within `SCHEMA_LOCK_BUDGET`."""


class Attempts:
    """The attempts of one revision.

    :param policy: how long they are repeated, and who is told.
    :param effort: is told of each miss.
    """

    def __init__(self, policy: Policy, effort: Effort) -> None:
        self._policy = policy
        self._effort = effort
        self._since: float | None = None
        self._pause = _FIRST_PAUSE

    def missed(self, statement: str, miss: Miss, waited: float, blockers: Sequence[Blocker]) -> None:
        """Say who is in the way, and pause. Nothing of ours is locked meanwhile.

        :param statement: what did not get its lock.
        :param waited: seconds that the attempt waited.
        :raises LockNotObtained: if the budget is spent.
        """
        self._effort.missed(waited)
        now = time.monotonic()
        self._since = self._since if self._since is not None else now - waited
        left = self._policy.lock_budget - (now - self._since)
        if left <= 0:
            raise _gave_up(statement, self._policy, self._effort.attempts - 1, blockers)
        # Runners and applications that began together must not meet again each time.
        pause = min(self._pause * random.uniform(0.5, 1.5), left)  # noqa: S311  # nothing here is a secret
        self._policy.tell(_line(statement, miss, waited, pause, blockers))
        sleep(pause)
        self._pause = min(self._pause * _GROWTH, _LONGEST_PAUSE)


def _line(statement: str, miss: Miss, waited: float, pause: float, blockers: Sequence[Blocker]) -> str:
    missed = f"did not get its lock within {lasting(waited)}"
    what = "was chosen to end a deadlock" if miss is Miss.DEADLOCK else missed
    return f"`{_short(statement)}` {what}{_in_the_way(blockers)}. Trying again in {lasting(pause)}."


def _gave_up(statement: str, policy: Policy, misses: int, blockers: Sequence[Blocker]) -> LockNotObtained:
    tries = "1 attempt" if misses == 1 else f"{misses} attempts"
    return LockNotObtained(
        f"`{_short(statement)}` did not get its lock in {tries} within {lasting(policy.lock_budget)}"
        f"{_in_the_way(blockers)}.",
        expected="The statement needs a moment in which nobody else uses the table.",
        hint="End the session that is in the way, or choose a quieter moment, and type the command again; "
        "SCHEMA_LOCK_BUDGET says how long it tries.",
    )


def _in_the_way(blockers: Sequence[Blocker]) -> str:
    return f"; in the way: {'; '.join(str(blocker) for blocker in blockers)}" if blockers else ""


def _short(statement: str) -> str:
    return shortened(" ".join(statement.split()), _SHOWN)
