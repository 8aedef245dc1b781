"""Compare the models with the databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command

from .running import running, with_watch

if TYPE_CHECKING:
    from .target import Target


def check(target: Target) -> None:
    """Find out whether a new revision would hold anything.

    :raises SchemaError: if it would; the message lists what.
    """
    with running(target):
        with_watch(target)
        command.check(target.config)
