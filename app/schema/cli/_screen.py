"""Where lines and progress go: a terminal shows how far a statement is in one line that it writes over."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_CLEAR = "\r\x1b[K"


class Screen:
    """The standard error of a command."""

    def __init__(self) -> None:
        self._shown = False

    @property
    def progress(self) -> Callable[[str], None] | None:
        """Shows how far something is, until it is called with an empty text; `None` where nobody watches."""
        return self._progress if sys.stderr.isatty() else None

    def tell(self, line: str) -> None:
        """Write a line."""
        self._wipe()
        click.echo(line, err=True)

    def _progress(self, text: str) -> None:
        self._wipe()
        if text:
            click.echo(text[: shutil.get_terminal_size().columns - 1], err=True, nl=False)
            self._shown = True

    def _wipe(self) -> None:
        if self._shown:
            click.echo(_CLEAR, err=True, nl=False, color=True)
            self._shown = False
