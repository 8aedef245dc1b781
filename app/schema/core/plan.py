"""What an upgrade would do, statement by statement, before it does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .effect import Effect
    from .facts import TableFacts
    from .finding import Finding


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "lock": effect.lock,
        "blocks": str(effect.blocks),
        "rewrites": effect.rewrites,
        "scans": effect.scans,
        "builds_index": effect.builds_index,
        "algorithm": effect.algorithm,
        "evidence": effect.evidence,
    }


@dataclass(frozen=True)
class PlannedEffect:
    """What a statement does to one table, with what is known of the table, and what was measured if it was."""

    effect: Effect
    facts: TableFacts | None = None
    observed: Effect | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "table": self.effect.table,
            **_effect(self.effect),
            "observed": _effect(self.observed) if self.observed else None,
            "rows": self.facts.rows if self.facts else None,
            "bytes": self.facts.bytes if self.facts else None,
        }


@dataclass(frozen=True)
class PlannedStep:
    """One operation.

    :param sql: the statements that it sends, in order; empty if they cannot be told without running it.
    :param transaction: number of the transaction within the revision, None outside a transaction.
    :param unclear: why the operation cannot be told, if it cannot.
    """

    sql: Sequence[str]
    line: int
    transaction: int | None
    effects: Sequence[PlannedEffect] = ()
    unclear: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "sql": list(self.sql),
            "line": self.line,
            "transaction": self.transaction,
            "effects": [effect.as_dict() for effect in self.effects],
            "unclear": self.unclear,
        }


@dataclass(frozen=True)
class PlannedRevision:
    """One revision, with its operations and what is wrong with them."""

    id: str
    message: str
    path: str
    steps: Sequence[PlannedStep]
    findings: Sequence[Finding] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "revision": self.id,
            "message": self.message,
            "path": self.path,
            "steps": [step.as_dict() for step in self.steps],
            "findings": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True)
class LockWaits:
    """For how many seconds the runner waits for locks that keep others waiting.

    :param attempt: each time; None if nothing limits it.
    :param server: each time, where only the server itself ends the wait.
    :param budget: in all.
    """

    attempt: float | None
    server: float | None
    budget: float

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"attempt": self.attempt, "server": self.server, "budget": self.budget}


@dataclass(frozen=True)
class Plan:
    """What an upgrade of one database would do.

    :param database: the URL with the password masked; :param standing: the revisions in the version table.
    :param lock_waits: how long its statements wait for locks.
    :param longest_transaction: age in seconds of the oldest open transaction, None if unknown.
    """

    database: str
    server: str
    standing: Sequence[str]
    revisions: Sequence[PlannedRevision]
    lock_waits: LockWaits
    longest_transaction: float | None = None

    @property
    def findings(self) -> list[Finding]:
        """All findings, in the order of the revisions."""
        return [finding for revision in self.revisions for finding in revision.findings]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "database": self.database,
            "server": self.server,
            "standing": list(self.standing),
            "longest_transaction": self.longest_transaction,
            "lock_waits": self.lock_waits.as_dict(),
            "revisions": [revision.as_dict() for revision in self.revisions],
        }
