"""What it means for a table's users when MySQL or MariaDB copies or rebuilds it, and how to avoid that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .effect import Blocks
from .finding import Severity

if TYPE_CHECKING:
    from .effect import Effect
    from .server import Server

# The rules about copying in general: a rule that knows why a table is copied takes their place.
COPY_RULES = ("my-copy-algorithm", "my-explicit-algorithm-copy", "my-explicit-lock")
_NAMES = {"mysql": "MySQL", "mariadb": "MariaDB"}


def is_copied(effect: Effect | None) -> bool:
    """True if the table is copied; false for a statement whose clauses make the server refuse it."""
    return effect is not None and effect.algorithm == "COPY" and effect.rewrites


def holds_writers(effect: Effect | None) -> bool:
    """True if writers wait for a time that grows with the table."""
    return effect is not None and effect.grows and effect.blocks >= Blocks.WRITES


def severity_of(effect: Effect | None) -> Severity:
    """Return how bad a copy is: MariaDB 11.2 and later let writers go on (measured on MariaDB 11.8.9)."""
    return Severity.ERROR if effect is None or effect.blocks >= Blocks.WRITES else Severity.WARNING


def consequence(server: Server, table: str, effect: Effect | None) -> str:
    """Return what the change does to the table's users, as one sentence.

    :param table: its name, with its size where that is known.
    """
    engine = _NAMES[server.engine]
    if not holds_writers(effect):
        return (
            f"{engine} copies the whole table {table}: writers go on, but the copy needs the table's size again on "
            "disk, and replicas fall behind."
        )
    done = f"copies the whole table {table}" if is_copied(effect) else f"builds the whole table {table} anew"
    return (
        f"{engine} {done}, and every INSERT, UPDATE and DELETE on it waits until that is "
        "done; it needs the table's size again on disk, and replicas fall behind."
    )
