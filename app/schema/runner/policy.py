"""How a runner behaves: how long it waits, what it says, and whom it says it to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

    from ..core.journal import Answer
    from .clerk import Clerk


@dataclass(frozen=True)
class Policy:
    """How a runner behaves.

    :param tell: is given a line that a person should read now.
    :param runner_wait: seconds that it waits for another runner.
    :param lock_timeout: seconds that one attempt of a statement waits for a lock.
    :param lock_budget: seconds that such attempts are repeated.
    :param statement_timeout: seconds that a statement may run while it has a strong lock; `None` is no limit.
    :param backups: how many copies of a SQLite file are kept; none are made for 0.
    :param progress: is given how far a long statement is, about once a second; `None` tells it in lines.
    :param answer: what to take a step for whose outcome is not known; `None` asks.
    :param clerk: who keeps the ledger; `None` keeps none.
    :param look: is given what the version table says, before anything is run and where nothing is to be run. It
        raises a `SchemaError` if nothing may be.
    """

    tell: Callable[[str], None]
    runner_wait: float = 300.0
    lock_timeout: float = 0.1
    lock_budget: float = 300.0
    statement_timeout: float | None = None
    backups: int = 0
    progress: Callable[[str], None] | None = None
    answer: Answer | None = None
    clerk: Clerk | None = None
    look: Callable[[MigrationContext, Sequence[str]], None] | None = None
