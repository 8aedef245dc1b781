"""What each probe is given, and the answers that most of them have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import singledispatch
from typing import TYPE_CHECKING

from ...core.outcome import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic.operations.ops import MigrateOperation

    from ...core.recorded import RecordedOp
    from ...core.server import Server
    from .catalogue import Catalogue

ReplacedKey = tuple[str, str, str]
"""What a statement drops and creates anew: kind, table, name."""


@dataclass(frozen=True)
class Look:
    """A database, and the statement that is asked about.

    :param sql: the statement.
    :param replaced: what it drops and creates anew, so that being there says nothing.
    :param creates: the folded names of the tables that it creates.
    :param now: the table that a table became in the same statement, by its folded name.
    """

    catalogue: Catalogue
    server: Server
    sql: str = ""
    replaced: frozenset[ReplacedKey] = frozenset()
    creates: frozenset[str] = frozenset()
    now: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, table: str) -> str:
        """Return what a table is called now."""
        return self.now.get(self.catalogue.fold(table), table)

    def replaces(self, kind: str, table: str, name: str) -> bool:
        """Whether the statement drops what it creates under the same name."""
        return (kind, self.catalogue.fold(table), self.catalogue.fold(name)) in self.replaced


@singledispatch
def answer(op: MigrateOperation, look: Look, step: RecordedOp) -> Verdict:
    """Return what became of one operation. Modules of this package register what they know."""
    return unknown(f"What `{type(op).__name__}` leaves behind cannot be looked for.")


def presence(*, there: bool, wanted: bool, what: str, more: str = "") -> Verdict:
    """Return the answer of something that is to be there, or is not to be there any more.

    :param what: what is looked for, in words that begin a sentence.
    :param more: how it is, where it is there.
    """
    explanation = f"{what} is there{more}." if there else f"{what} is not there."
    return Verdict(Outcome.DONE if there is wanted else Outcome.NOT_DONE, explanation)


def state(*, as_wanted: bool, explanation: str) -> Verdict:
    """Return the answer of something that is as wanted, or as it was."""
    return Verdict(Outcome.DONE if as_wanted else Outcome.NOT_DONE, explanation)


def renamed(*, old: bool, new: bool, kind: str, names: tuple[str, str]) -> Verdict:
    """Return the answer of a new name: exactly one of the two must be there."""
    if old is new:
        how = "are both there" if old else "are both missing"
        return unknown(f"{kind}s '{names[0]}' and '{names[1]}' {how}.")
    return Verdict(
        Outcome.DONE if new else Outcome.NOT_DONE, f"{kind} '{names[1] if new else names[0]}' is there."
    )


def repeatable(explanation: str) -> Verdict:
    """Return the answer of what leaves the same the second time."""
    return Verdict(Outcome.REPEATABLE, explanation)


def unknown(explanation: str) -> Verdict:
    """Return the answer of what cannot be told."""
    return Verdict(Outcome.UNKNOWN, explanation)


def no_table(schema: str | None, name: str, look: Look) -> Verdict | None:
    """Return the answer where the table that is to be changed is not there at all; `None` where it is."""
    if look.catalogue.place(schema, name, "table", "view", "materialized view") is not None:
        return None
    if look.catalogue.fold(name) in look.creates:
        return Verdict(Outcome.NOT_DONE, f"The table '{name}' is not there.")
    return unknown(f"The table '{name}' is not there.")
