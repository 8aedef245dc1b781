"""Ctrl-C and SIGTERM: stop where nothing is lost, and say what is done and what is left."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..core.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
_DEFAULTS: dict[int, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}


class Interrupted(SchemaError):
    """Somebody asked the runner to stop."""


class Stopping:
    """Heeds the two signals while revisions run.

    :param tell: is given one line when a stop has to wait for the statement that runs.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._waits_for = 0
        self.requested: str | None = None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Take over the signals inside the block, unless the process has handlers of its own for them.

        A process that stops in an orderly way gives back the lock, and leaves nothing to find out.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        ours = [number for number, default in _DEFAULTS.items() if signal.getsignal(number) == default]
        for number in ours:
            signal.signal(number, self._on_signal)
        try:
            yield
        except KeyboardInterrupt as interrupt:
            if self.requested is None:
                raise
            raise self._interrupted() from interrupt
        finally:
            for number in ours:
                signal.signal(number, _DEFAULTS[number])

    @contextmanager
    def only_afterwards(self) -> Iterator[None]:
        """Let the block come to its end before a stop: what it does cannot be rolled back."""
        self._waits_for += 1
        try:
            yield
        finally:
            self._waits_for -= 1
        self.check()

    def check(self) -> None:
        """Stop here, if that was asked for.

        :raises Interrupted: if so.
        """
        if self.requested is not None:
            raise self._interrupted()

    def _on_signal(self, number: int, _frame: Any) -> None:
        again = self.requested is not None
        self.requested = _NAMES[signal.Signals(number)]
        if not self._waits_for or again:
            # The drivers end a running statement for this exception and for no other one.
            raise KeyboardInterrupt
        self._tell(
            f"{self.requested}: the statement that runs now cannot be rolled back, and is let come to its end. "
            f"{self.requested} once more stops at once."
        )

    def _interrupted(self) -> Interrupted:
        return Interrupted(
            f"Stopped by {self.requested}.",
            hint="Type the command again to go on where it stopped.",
        )
