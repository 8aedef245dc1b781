"""Add to a ledger without running anything."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from .. import dialects
from ..ledger.store import LedgerStore
from .lock import held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from ..core.entry import Entry
    from .lock import Patience


def enter(
    connection: Connection,
    version_table: tuple[str, str | None],
    entries: Sequence[Entry],
    patience: Patience,
) -> None:
    """Add entries under the runner's lock, and commit them.

    :param connection: one that is not in a transaction.
    :param version_table: its name and schema.
    :raises AnotherRunner: if the lock could not be had in time.
    """
    dialect = dialects.for_name(connection.dialect.name)
    lock = dialect.runner_lock(connection, *version_table, work=True)
    with nullcontext() if lock is None else held(lock, patience):
        LedgerStore(connection, *version_table).add(entries)
        connection.commit()
