"""How commands on a target run: how they wait, whom they tell, and what they write down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..runner.policy import Policy
from .clerk import clerk_of
from .integrity import Integrity
from .target import FILES

if TYPE_CHECKING:
    from ..core.journal import Answer
    from .target import Target


def policy(
    target: Target,
    *,
    upgrades: bool = False,
    note: str | None = None,
    answer: Answer | None = None,
) -> Policy:
    """Return how a command on a target waits, whom it tells, and what it writes down. Called as it begins.

    :param upgrades: whether files and ledger are compared first.
    :param note: why somebody forces what is done; for the ledger.
    :param answer: what to take an interrupted step for, where the database does not tell.
    """
    settings = target.settings
    # Who keeps a configuration for several commands may have edited the files in between.
    target.config.attributes.pop(FILES, None)
    look = Integrity(target) if upgrades else None
    return Policy(
        tell=target.tell,
        progress=target.progress,
        runner_wait=settings.runner_wait,
        lock_timeout=settings.lock_timeout,
        lock_budget=settings.lock_budget,
        statement_timeout=settings.statement_timeout,
        backups=settings.backups,
        answer=answer,
        clerk=clerk_of(
            target,
            cosmetic=(lambda: look.cosmetic) if look is not None else tuple,
            note=note,
        ),
        look=look,
    )
