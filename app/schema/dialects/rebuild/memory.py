"""What the rebuilds of a run put back, and what they could not: the rest of the revision may have to say something.

A revision that was written for Alembic's own rebuilds creates what they lose again, behind the block: there it replaces
what was put back. A trigger or a view that names a dropped column stops the revision, unless it drops or replaces it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...core.errors import SchemaError
from .catalogue import Catalogue
from .integrity import Misfit, fitness
from .lexer import key, quoted, tokens_of
from .references import require_columns
from .renaming import as_written

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from .catalogue import Item
    from .rebuilding import Rebuilding

_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)+"
_COMMAND = re.compile(
    rf"(?:{_SPACE})?(CREATE|DROP){_SPACE}(?:(?:UNIQUE|TEMP|TEMPORARY){_SPACE})?(INDEX|TRIGGER)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Unresolved:
    """A trigger or view that does not fit any more.

    :param table: the one that was rebuilt.
    :param item: as it was stored.
    :param dropped: columns that the table had.
    :param gone: whether it is not there any more, as a trigger is; a view stays.
    """

    catalogue: Catalogue
    table: str
    item: Item
    misfit: Misfit
    dropped: tuple[str, ...]
    gone: bool


class Memory:
    """The memory of one run, on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._restored: dict[tuple[str, str], Catalogue] = {}
        self._unresolved: list[Unresolved] = []
        self._dropped: list[tuple[Catalogue, str, tuple[str, ...]]] = []

    @property
    def listeners(self) -> dict[str, Callable[..., None]]:
        """What listens to which event of the connection."""
        return {
            "before_cursor_execute": self.on_statement,
            "rollback": self.on_rollback,
            "rollback_savepoint": self.on_rollback,
        }

    def on_rollback(self, *_: Any) -> None:
        """Forget what a revision has left open that begins again, or has failed."""
        self._unresolved.clear()
        self._dropped.clear()

    def take(self, rebuilding: Rebuilding) -> None:
        """Remember what a rebuild put back, and what it could not."""
        catalogue, table = rebuilding.catalogue, rebuilding.table
        dropped = rebuilding.intent.dropped
        self._dropped.append((catalogue, table, dropped))
        self._restored.update({(item.kind, key(item.name)): catalogue for item in rebuilding.restored})
        self._unresolved += [
            Unresolved(catalogue, table, item, misfit, dropped, gone=True)
            for item, misfit in rebuilding.unrestored
        ]
        items = {(item.kind, key(item.name)): item for item in catalogue.items()}
        self._unresolved += [
            Unresolved(catalogue, table, items[misfit.kind, key(misfit.name)], misfit, dropped, gone=False)
            for misfit in rebuilding.misfits
        ]

    def on_statement(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        """Make room for a trigger or an index that a revision creates again, before its statement is executed."""
        found = _COMMAND.match(statement)
        if found is None or not (self._restored or self._unresolved):
            return
        kind, name = found.group(2).lower(), _name_behind(statement[found.end() :])
        driver: Any = connection.connection.dbapi_connection
        if found.group(1).upper() == "CREATE":
            catalogue = self._restored.pop((kind, key(name)), None)
            if catalogue is not None:
                driver.execute(f"DROP {kind} IF EXISTS {catalogue.named(name)}")
            return
        for lost in [it for it in self._unresolved if it.gone and key(it.item.name) == key(name)]:
            # It was to be put back. What the revision drops has to be there.
            self._unresolved.remove(lost)
            lost.catalogue.create(lost.item)

    def on_version(self, **_: Any) -> None:
        """Refuse the end of a revision that leaves a trigger, a view or a foreign key behind which does not fit.

        A callback for `on_version_apply`: nothing is committed yet.

        :raises SchemaError: names it, the reason, and what to write in the revision.
        """
        unresolved, self._unresolved = self._unresolved, []
        dropped, self._dropped = self._dropped, []
        for catalogue, table, columns in dropped:
            now = {key(row[1]) for row in catalogue.pragma("table_xinfo", table)}
            require_columns(catalogue, table, (column for column in columns if key(column) not in now))
        for lost in unresolved:
            if _is_lost(lost):
                raise _misfit(lost)


def _name_behind(text: str) -> str:
    """The name in `IF NOT EXISTS main.name …`."""
    names = [token for token in tokens_of(text[:500]) if token.kind != "space"]
    while names and names[0].keyword in ("IF", "NOT", "EXISTS"):
        names.pop(0)
    if len(names) > 2 and names[1].text == ".":  # schema, point, name
        names = names[2:]
    return names[0].name if names else ""


def _is_lost(lost: Unresolved) -> bool:
    catalogue = lost.catalogue
    if catalogue.sql_of(lost.table) is None:
        return False
    now = {(item.kind, key(item.name)): item for item in catalogue.items()}
    item = now.get((lost.item.kind, key(lost.item.name)))
    if item is None or lost.gone:
        return lost.gone and item is None
    if item.sql != lost.item.sql:
        return False
    misfits = fitness(catalogue, lost.dropped).misfits
    return (item.kind, key(item.name)) in misfits or not lost.misfit.is_error


def _misfit(lost: Unresolved) -> SchemaError:
    kind, name, reason = lost.item.kind, lost.item.name, as_written(lost.misfit.reason)
    return SchemaError(
        f"The {kind} '{name}' does not fit what the revision makes of {lost.table}: {reason}. Nothing was changed.",
        expected=f"A revision takes care of the {kind}s that name what it drops or renames.",
        hint=f"Write op.execute('DROP {kind.upper()} {quoted(name)}') before the block, and behind it create the "
        f"{kind} again as it has to be then.",
    )
