"""Settings of a session that are one value while a strong lock is taken and another one otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .base import Unlimited, driver_of, settle

if TYPE_CHECKING:
    from sqlalchemy import Connection

Settings = Mapping[str, str]


class Limits(Unlimited):
    """What an engine adds: names and values, how they are sent, and which statements set them too.

    From `begin` on the strict values hold, so that whatever is missed later leaves a wait that is limited.
    """

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(connection, lock_timeout, statement_timeout, tell)
        self._strict: dict[str, str] = {}
        self._patient: dict[str, str] = {}
        self._came_with: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._owned: set[str] = set()
        self._asked = time.monotonic()
        self._is_strict = True

    def send(self, driver: Any, settings: Settings) -> None:
        """Set some of them, in whatever transaction is open."""
        raise NotImplementedError

    def limit(self, cursor: Any, *, locks: bool) -> None:
        """Send what is another value now, unless it is theirs."""
        wanted = self._strict if locks else self._patient
        changed = {
            name: wanted[name] for name in wanted.keys() - self._owned if self._now.get(name) != wanted[name]
        }
        if changed:
            self.send(driver_of(self._connection), changed)
            self._now.update(changed)
        self._is_strict = locks
        self._asked = time.monotonic()

    def take(self, found: Settings) -> None:
        """Note what a statement of the revision sets. `DEFAULT` ends what was theirs."""
        for name, value in found.items():
            if value.upper() == "DEFAULT":
                self.forget({name})
            else:
                self._owned.add(name)

    def forget(self, names: set[str]) -> None:
        """Note that some limits are not theirs, and that nothing is known of their values."""
        self._owned -= names
        for name in names:
            self._now.pop(name, None)

    def revision_ended(self) -> None:
        """Take back what was theirs."""
        self.forget(set(self._owned))

    def end(self) -> None:
        """Set everything back; throw the connection away where that fails, so that no pool keeps the limits."""
        if not self._came_with or self._connection.closed or self._connection.invalidated:
            return
        try:
            self.send(driver_of(self._connection), self._came_with)
            settle(self._connection)
        except Exception:  # noqa: BLE001  # whatever the driver calls a connection that is gone
            with suppress(Exception):
                self._connection.invalidate()
        self._came_with = {}
