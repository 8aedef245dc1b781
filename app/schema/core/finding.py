"""A problem, whoever found it: lint, drift, ledger verification, preflight or doctor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation


class Severity(IntEnum):
    """How bad it is. An error loses data, stops the site or fails; a warning may; info is worth knowing."""

    INFO = 0
    WARNING = 1
    ERROR = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class FixStep:
    """Operations that belong together.

    `autocommit` puts them into a block outside the transaction, `batch` into a `batch_alter_table` block of the table
    that they all change.
    """

    operations: tuple[MigrateOperation, ...]
    autocommit: bool = False
    batch: bool = False


@dataclass(frozen=True)
class Fix:
    """How the operation can be replaced in the same revision.

    :param title: what is done, as an imperative: "Build the index concurrently".
    :param steps: the replacement, in order; no steps removes the operation.
    :param safe: false if a person has to agree because the outcome is not the same in every case.
    """

    title: str
    steps: tuple[FixStep, ...]
    safe: bool = True


@dataclass(frozen=True)
class Finding:
    """One problem at one place.

    :param rule: id of the rule or check, named after the hazard.
    :param message: the consequence in the user's terms and names: who is blocked, what is lost, what fails.
    :param instead: what to do instead: a sentence, then code that can be pasted.
    :param lock: the lock in the engine's words; `blocks` says whom it keeps waiting.
    :param allowed: the reason why the finding is allowed, if it is.
    """

    rule: str
    severity: Severity
    message: str
    instead: str | None = None
    revision: str | None = None
    path: str | None = None
    line: int | None = None
    table: str | None = None
    column: str | None = None
    lock: str | None = None
    blocks: str | None = None
    rewrites: bool | None = None
    scans: bool | None = None
    fix: Fix | None = None
    allowed: str | None = None
    server: str | None = None

    @property
    def object_key(self) -> str:
        """`rule`, `rule table` or `rule table.column`: the key that an `allow` entry would carry."""
        place = ".".join(part for part in (self.table, self.column) if part)
        return f"{self.rule} {place}".strip()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form that the contract in the design names."""
        plain = (
            "rule",
            "revision",
            "path",
            "line",
            "table",
            "column",
            "message",
            "instead",
            "lock",
            "blocks",
        )
        return {
            **{name: getattr(self, name) for name in plain},
            "severity": str(self.severity),
            "rewrites": self.rewrites,
            "scans": self.scans,
            "fixable": self.fix is not None,
            "allowed": self.allowed,
            "server": self.server,
        }
