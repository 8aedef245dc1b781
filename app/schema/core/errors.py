"""Every way in which a schema command can fail.

    SchemaError            1   base; also "refused" and "failed" without a nearer name
    ├── UsageProblem       2   wrong option, wrong folder, wrong configuration
    ├── Busy               3   a lock was not obtained in time
    └── HistoryBroken      4   revisions edited, missing, unknown, or in contradiction with the database

The number is the exit code of `flask db`; it belongs to the type. A message has three parts in fixed order:
what is, what was expected, and what to type next.
"""

from __future__ import annotations


class SchemaError(Exception):
    """A schema command was refused or has failed.

    :param found: what is, as one or more full sentences with the user's own names.
    :param expected: what should have been, or `None` where `found` already says it.
    :param hint: what to type or change next.
    """

    exit_code = 1

    def __init__(self, found: str, *, expected: str | None = None, hint: str | None = None) -> None:
        self.found = found
        self.expected = expected
        self.hint = hint
        super().__init__(" ".join(part for part in (found, expected, hint) if part))


class UsageProblem(SchemaError):
    """The command, its options or the configuration are wrong; nothing was tried."""

    exit_code = 2


class Busy(SchemaError):
    """Another runner or another transaction held a lock for longer than we may wait."""

    exit_code = 3


class HistoryBroken(SchemaError):
    """The revision files contradict each other or the database."""

    exit_code = 4
