"""How paths, numbers and lists are written in messages, so that every message writes them alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def shown(path: Path | str, line: int | None = None) -> str:
    """The path as the user would type it from where they are, with the line where there is one."""
    resolved, here = Path(path).absolute(), Path.cwd()
    name = resolved.relative_to(here) if resolved.is_relative_to(here) else resolved
    return f"{name}:{line}" if line else str(name)


def counted(number: int, noun: str) -> str:
    """`counted(1, "revision")` is "1 revision", `counted(2, "revision")` is "2 revisions"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Iterable[str], last: str = "and") -> str:
    """The names in quotes, with a word before the last: 'a', 'b' and 'c'."""
    *first, final = [f"'{name}'" for name in names]
    return f"{', '.join(first)} {last} {final}" if first else final


def shortened(text: str, length: int = 300) -> str:
    """The text on one line, cut after `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
