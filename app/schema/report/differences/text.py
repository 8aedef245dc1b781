"""A comparison of two schemas as text, grouped by table, for a person."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ...core.wording import counted

if TYPE_CHECKING:
    from typing import TextIO

    from ...core.schema_difference import Comparison

MOST_LINES = 60
_MOST_STRANGERS = 10
_NO_TABLE = "(no table)"


def write(comparison: Comparison, stream: TextIO) -> None:
    """Write the differences, at most `MOST_LINES` of them, and name what no revision knows."""
    shown = comparison.differences[:MOST_LINES]
    for table, differences in groupby(shown, key=lambda each: each.table or _NO_TABLE):
        stream.write(f"{table}\n")
        stream.writelines(f"  {each.line}\n" for each in differences)
    left = len(comparison.differences) - len(shown)
    if left:
        stream.write(f"… and {counted(left, 'more difference')}\n")
    if comparison.strangers:
        stream.write(f"Not compared, because no revision knows it: {_few(comparison.strangers)}.\n")


def _few(names: tuple[str, ...]) -> str:
    left = len(names) - _MOST_STRANGERS
    return ", ".join(names[:_MOST_STRANGERS]) + (f" and {left} more" if left > 0 else "")
