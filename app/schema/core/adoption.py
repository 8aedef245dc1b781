"""Which revision a database without a version fits, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .schema_difference import Comparison


@dataclass(frozen=True)
class Surplus:
    """A table that is there and not expected.

    :param made_by: the revision that will make it; `None` if none will.
    :param ready: whether it is already what that revision makes.
    :param modelled: whether a model has it.
    """

    table: str
    made_by: str | None
    ready: bool
    modelled: bool


@dataclass(frozen=True)
class Adopted:
    """One database.

    :param name: how messages call it, such as `the database`.
    :param standing: what its version table says.
    :param comparison: with the revision that is proposed.
    :param surplus: the tables that are too many, explained.
    """

    name: str
    standing: tuple[str, ...]
    comparison: Comparison
    surplus: tuple[Surplus, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "database": self.name,
            "standing": list(self.standing),
            **self.comparison.as_dict(),
            "surplus": [
                {"table": it.table, "made_by": it.made_by, "ready": it.ready, "modelled": it.modelled}
                for it in self.surplus
            ],
        }


@dataclass(frozen=True)
class Adoption:
    """What is proposed.

    :param heads: the revisions to stamp; none if the databases hold nothing of this history.
    :param messages: what the heads say they do, by id.
    :param databases: how each fits.
    :param standing: whether the heads are what the version tables say already.
    :param chosen: whether somebody named the revision.
    :param equal: other revisions that fit as well, in order.
    :param incomplete: why the history could not be replayed to its end; `None` if it could.
    """

    heads: tuple[str, ...]
    messages: Mapping[str, str]
    databases: tuple[Adopted, ...]
    standing: bool = False
    chosen: bool = False
    equal: tuple[tuple[str, ...], ...] = ()
    incomplete: str | None = None

    @property
    def exact(self) -> bool:
        """Whether nothing differs."""
        return self.differences == 0

    @property
    def differences(self) -> int:
        """How many differences there are, in all databases."""
        return sum(len(each.comparison.differences) for each in self.databases)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "revisions": list(self.heads),
            "exact": self.exact,
            "standing": self.standing,
            "equal": [list(heads) for heads in self.equal],
            "incomplete": self.incomplete,
            "databases": [each.as_dict() for each in self.databases],
        }
