"""Lets what must be undone be undone when the process is told to end."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_TERMINATED = 128 + signal.SIGTERM


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does, where nobody has decided what else it does.

    Only the main thread can; elsewhere nothing changes.
    """
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(_TERMINATED)
