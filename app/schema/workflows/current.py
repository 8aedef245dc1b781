"""See where the databases stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.entry import standing
from ..core.errors import SchemaError
from ..core.wording import listed
from ..ledger.store import LedgerStore
from .running import revisions, run_environment, running

if TYPE_CHECKING:
    from typing import Any

    from alembic.script import Script

    from .target import Target


@dataclass(frozen=True)
class Standing:
    """Where one database stands.

    :param url: its address, with the password hidden.
    :param ids: the revisions in its version table.
    :param scripts: these, and the ones of other branches that they imply.
    :param unknown: those of `ids` that no file has.
    :param told: what the ledger says of those: when they were applied, by whom and by which code.
    """

    url: str
    ids: tuple[str, ...]
    scripts: tuple[Script, ...]
    unknown: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)


def current(target: Target, *, check_heads: bool = False) -> tuple[Standing, ...]:
    """Return where each database stands, also if it stands at a revision that nobody knows.

    :param check_heads: refuse a database that is not at all heads.
    :raises SchemaError: if `check_heads` finds one.
    """
    found = []
    with running(target):
        folder = revisions(target)

        def work(heads: Any, context: Any) -> list[Any]:
            url = context.connection.engine.url.render_as_string(hide_password=True)
            if check_heads and set(heads) != set(folder.get_heads()):
                raise _behind(url, heads, folder.get_heads())
            unknown = tuple(sorted(set(heads) - {script.revision for script in folder.walk_revisions()}))
            known = tuple(head for head in heads if head not in unknown)
            scripts = sorted(folder.get_all_current(known), key=lambda script: str(script.revision))
            words = _told(context, unknown) if unknown else {}
            found.append(Standing(url, tuple(sorted(heads)), tuple(scripts), unknown, words))
            return []

        run_environment(target, folder, work, dont_mutate=True)
    return tuple(found)


def _told(context: Any, unknown: tuple[str, ...]) -> dict[str, str]:
    store = LedgerStore(context.connection, context.version_table, context.version_table_schema)
    applied = standing(store.read()).applied if store.exists() else {}
    return {it: applied[it].entry.told for it in unknown if it in applied}


def _behind(url: str, heads: Any, wanted: list[str]) -> SchemaError:
    stands = f"revision {listed(heads)}" if heads else "no revision"
    return SchemaError(
        f"Database is not on all head revisions: {url} stands at {stands}.",
        expected=f"The head is {listed(wanted)}." if wanted else None,
        hint="Type `flask db upgrade`.",
    )
