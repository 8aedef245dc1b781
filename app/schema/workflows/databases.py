"""Every database of a target, one after the other, for commands that look at ledgers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from ..ledger.store import LedgerStore
from ..runner.version import revisions_of_database
from .running import run_environment
from .target import WATCH

if TYPE_CHECKING:
    from ..scripts.writing import RevisionFolder
    from .target import Target


@dataclass(frozen=True)
class Place:
    """One database while it is looked at.

    :param bind: bind key, "" for the default database.
    :param version_table: name and schema of its version table.
    :param heads: what that says.
    """

    bind: str
    connection: Connection
    version_table: tuple[str, str | None]
    heads: tuple[str, ...]

    @property
    def url(self) -> str:
        """Its address, with the password hidden."""
        return self.connection.engine.url.render_as_string(hide_password=True)

    @property
    def ledger(self) -> LedgerStore:
        """Its ledger, which may not be there."""
        return LedgerStore(self.connection, *self.version_table)


def look_at_each(target: Target, folder: RevisionFolder, look: Callable[[Place], None]) -> None:
    """Look at each database. Nothing is created or changed there.

    The connections are those of `env.py`, unless the revision files contradict each other: then Alembic can do
    nothing, and the databases of the application are looked at as `Migrate` knows them.
    """
    if not loads(folder):
        _directly(target, look)
        return

    def work(heads: Any, context: Any) -> list[Any]:
        place = (context.version_table, context.version_table_schema)
        look(Place(_bind(target), context.connection, place, tuple(sorted(heads))))
        return []

    run_environment(target, folder, work, dont_mutate=True)


def loads(folder: RevisionFolder) -> bool:
    """Whether Alembic can make a history of the revision files."""
    try:
        list(folder.walk_revisions())
    except Exception:  # noqa: BLE001  # a revision is a program; `explain` says elsewhere what is wrong with it
        return False
    return True


def _bind(target: Target) -> str:
    bind: str = target.config.attributes[WATCH].bind
    return bind


def _directly(target: Target, look: Callable[[Place], None]) -> None:
    given: Connection | Engine | None = target.config.attributes.get("connection")
    for bind in target.binds:
        engine = bind.engine if bind.name or given is None else given.engine
        with engine.connect() as connection:
            heads = revisions_of_database(connection, *target.version_table)
            place = Place(bind.name, connection, target.version_table, heads)
            # A bind that no revision was ever run on is no database of this history.
            if heads or not bind.name or place.ledger.exists():
                look(place)
