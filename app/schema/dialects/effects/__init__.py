"""What each recorded operation does to each table while it runs: lock, rewrite, scan, algorithm.

Pure functions of the operation, the schema before it, and the server. Each fact carries where it comes from, and each
one about PostgreSQL and MariaDB is compared with a real server by the tests.

* `postgresql`, `mysql` (and MariaDB), `sqlite`: one engine each
* `change`: what the functions are given
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...core.effect import Blocks, Effect
from .change import Change
from .mysql import mysql_effects
from .postgresql import postgresql_effects
from .sqlite import sqlite_effects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...core.recorded import RecordedOp
    from ...core.server import Server
    from ...core.state import State

_ENGINES: dict[str, Callable[[Change], Iterable[Effect]]] = {
    "mariadb": mysql_effects,
    "mysql": mysql_effects,
    "postgresql": postgresql_effects,
    "sqlite": sqlite_effects,
}
_ALGORITHMS = (None, "INSTANT", "NOCOPY", "INPLACE", "COPY")


def effects_of(
    step: RecordedOp, state: State, server: Server, new_in: str | None = None
) -> tuple[Effect, ...]:
    """Return what an operation does to each table that it touches, its own table first.

    :param state: the schema before the operation.
    :param new_in: the revision that the operation belongs to. What happens to a table that this revision created, and
        put no rows into, blocks nobody and takes no time: nobody uses it yet.
    :return: nothing for an operation that touches no table, and for one that names none and is not understood.
    """
    found: dict[str, Effect] = {}
    for effect in _ENGINES[server.engine](Change(step, state, server)):
        found[effect.table] = strongest(found[effect.table], effect) if effect.table in found else effect
    return tuple(_unused(effect, state, new_in) for effect in found.values())


def strongest(one: Effect, other: Effect) -> Effect:
    """Join two effects on one table: the stronger lock, and whatever either of them does."""
    stronger, weaker = (one, other) if _weight(one) >= _weight(other) else (other, one)
    return replace(
        stronger,
        rewrites=one.rewrites or other.rewrites,
        scans=one.scans or other.scans,
        builds_index=one.builds_index or other.builds_index,
        evidence=stronger.evidence if stronger.grows or not weaker.grows else weaker.evidence,
    )


def _weight(effect: Effect) -> tuple[int, int]:
    return effect.blocks, _ALGORITHMS.index(effect.algorithm)


def _unused(effect: Effect, state: State, new_in: str | None) -> Effect:
    table = state.table(effect.table)
    if new_in is None or table is None or table.created_in != new_in or table.filled:
        return effect
    return replace(
        effect, blocks=Blocks.NOBODY, rewrites=False, scans=False, builds_index=False,
        evidence=f"the table is new in this revision; {effect.evidence}",
    )  # fmt: skip
