"""MySQL and MariaDB: the ALGORITHM and the LOCK that an operation needs.

The entries stand in `mysql_columns` and `mysql_tables`, which register themselves with `mysql_ways.entry`; here the
clauses that a statement itself has are applied to what they say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from alembic.operations.ops import AddColumnOp, DropColumnOp

from ...core.effect import Blocks, Effect

# Imported because importing them registers their entries.
from . import mysql_columns, mysql_tables  # noqa: F401
from .change import Change
from .mysql_ways import entry

_ORDER = ("INSTANT", "NOCOPY", "INPLACE", "COPY")
_LOCKS = {"SHARED": Blocks.WRITES, "EXCLUSIVE": Blocks.READS_AND_WRITES}


def mysql_effects(change: Change) -> Iterable[Effect]:
    """Return what an operation does on MySQL or MariaDB, its own table first."""
    return [_as_asked(effect, change) for effect in entry(change.step.op, change)]


def _as_asked(effect: Effect, change: Change) -> Effect:
    """Apply the ALGORITHM and LOCK clauses of the statement to the effect on its own table."""
    if effect.algorithm is None:
        return effect
    asked = change.step.clauses.get("algorithm", "").upper()
    lock = change.step.clauses.get("lock", "").upper()
    if asked in _ORDER and _ORDER.index(asked) < _ORDER.index(effect.algorithm):
        return _refused(effect, f"ALGORITHM={asked}")
    if lock == "NONE" and effect.blocks > Blocks.SCHEMA_CHANGES and asked != "COPY":
        return _refused(effect, "LOCK=NONE")
    if asked == "COPY":
        effect = _copied(effect, lock, change)
    elif asked == "INPLACE" and _rebuilds_if_asked(effect, change):
        effect = replace(effect, algorithm="INPLACE", rewrites=True)
    if lock in _LOCKS and _LOCKS[lock] > effect.blocks:
        effect = replace(
            effect, lock=f"LOCK={lock}", blocks=_LOCKS[lock], evidence="the statement asks for it"
        )
    return effect


def _refused(effect: Effect, clause: str) -> Effect:
    """Return the effect of a statement that fails before it does anything, because its clause cannot be kept."""
    return replace(
        effect, lock="LOCK=NONE", blocks=Blocks.NOBODY, rewrites=False, scans=False, builds_index=False,
        evidence=f"refused: {clause} is not possible, {effect.algorithm} would be needed",
    )  # fmt: skip


def _copied(effect: Effect, lock: str, change: Change) -> Effect:
    online = (
        change.server.engine == "mariadb"
        and change.server.at_least(11, 2)
        and lock in ("", "NONE", "DEFAULT")
    )
    return replace(
        effect,
        algorithm="COPY",
        lock="LOCK=NONE" if online else "LOCK=SHARED",
        blocks=Blocks.SCHEMA_CHANGES if online else Blocks.WRITES,
        rewrites=True,
        scans=True,
        evidence="the statement asks for ALGORITHM=COPY",
    )


def _rebuilds_if_asked(effect: Effect, change: Change) -> bool:
    # MySQL takes the word, where MariaDB reads "INPLACE or better" (manuals of both).
    instant = effect.algorithm == "INSTANT" and change.server.engine == "mysql"
    return instant and isinstance(change.step.op, (AddColumnOp, DropColumnOp))
