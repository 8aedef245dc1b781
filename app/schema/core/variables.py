"""Which value a revision has given to a session variable of MySQL or MariaDB, such as `foreign_key_checks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ops import SettingOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .recorded import RecordedOp

_OFF = ("0", "off", "false")


def value_of(name: str, step: RecordedOp, earlier: Sequence[RecordedOp]) -> str | None:
    """Return the value that holds when `step` runs, None if the revision did not set the variable.

    `SET` lasts until it is set again, MariaDB's `SET STATEMENT … FOR` for its one statement; `SET GLOBAL` is about
    other sessions.
    """
    for other in reversed(earlier):
        op = other.op
        if not isinstance(op, SettingOp) or op.name != name:
            continue
        if op.scope == "global" or (op.scope == "statement" and other.statement != step.statement):
            continue
        return op.value
    return None


def is_off(value: str | None) -> bool:
    """True for a value that switches a variable off."""
    return value is not None and value.strip("'\"").lower() in _OFF


def foreign_keys_unchecked(step: RecordedOp, earlier: Sequence[RecordedOp]) -> bool:
    """True if `foreign_key_checks` is off when `step` runs."""
    return is_off(value_of("foreign_key_checks", step, earlier))
