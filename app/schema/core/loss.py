"""What going back would delete: how much of it, from where, and which revisions do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .plan import PlannedStep

_SHOWN = 4


class Certainty(Enum):
    """How sure a number is; the value is the word that stands before it."""

    EXACT = ""
    MORE = "more than "
    ABOUT = "about "
    """By the server's statistics."""
    AT_MOST = "up to about "
    """By the server's statistics, which do not tell how many of the rows have a value."""
    UNKNOWN = "an unknown number of "


@dataclass(frozen=True)
class Amount:
    """A number of rows or values; `number` counts for nothing where it is not known."""

    number: int = 0
    certainty: Certainty = Certainty.UNKNOWN

    @property
    def nothing(self) -> bool:
        """True only if it is certain that there is none."""
        return self.certainty is Certainty.EXACT and not self.number

    def of(self, noun: str) -> str:
        """`Amount(1204, Certainty.EXACT).of("row")` is "1,204 rows"."""
        if self.certainty is Certainty.UNKNOWN:
            return f"{self.certainty.value}{noun}s"
        plural = "" if self.number == 1 else "s"
        return f"{self.certainty.value}{self.number:,} {noun}{plural}"


@dataclass(frozen=True)
class Loss:
    """Rows of a table, or values of a column, that are not there afterwards.

    :param table: its name now, before anything runs, with the schema if one was given.
    :param column: its name now; `None` for whole rows.
    :param some: whether a condition decides which of them are lost.
    :param into: the type that values are forced into; `None` if they are deleted.
    :param bind: the database, where several are changed.
    """

    table: str
    amount: Amount
    column: str | None = None
    some: bool = False
    into: str | None = None
    bind: str | None = None

    def __str__(self) -> str:
        place = f"{self.table}.{self.column}" if self.column else self.table
        text = f"{'some of ' * self.some}{self.amount.of('value' if self.column else 'row')} of {place}"
        text += f" that may not fit into {self.into}" if self.into else ""
        return f"{text} in the bind '{self.bind}'" if self.bind else text


@dataclass(frozen=True)
class StepBack:
    """One operation of `downgrade()`, with what it loses."""

    step: PlannedStep
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class TakenBack:
    """One revision that is taken back.

    :param remains: whether `downgrade()` does nothing although `upgrade()` changes the schema.
    :param stops: why `downgrade()` ends with an error, if it is known to.
    """

    id: str
    message: str
    steps: Sequence[StepBack] = ()
    remains: bool = False
    stops: str | None = None


@dataclass(frozen=True)
class WayDown:
    """What a downgrade of one database takes back, newest first.

    :param database: what messages call it: "the database" or "the bind 'other'".
    :param url: where it is, with the password masked.
    :param transactional: whether what a failing revision did is rolled back.
    """

    database: str
    url: str
    server: str
    standing: Sequence[str]
    revisions: Sequence[TakenBack]
    transactional: bool = True

    @property
    def stop(self) -> TakenBack | None:
        """The revision that the way ends at with an error, if one is known to."""
        return next((revision for revision in self.revisions if revision.stops), None)

    @property
    def effective(self) -> list[TakenBack]:
        """The revisions whose effect stays: those before the stop, and on some engines the one that stops."""
        if self.stop is None:
            return list(self.revisions)
        end = list(self.revisions).index(self.stop) + (not self.transactional)
        return list(self.revisions[:end])

    @property
    def losses(self) -> list[Loss]:
        """All that is lost, in the order in which it happens."""
        return [loss for revision in self.effective for step in revision.steps for loss in step.losses]

    @property
    def unclear(self) -> list[str]:
        """Ids of the revisions of which nobody can tell what they delete."""
        found = (r.id for r in self.effective for step in r.steps if step.step.unclear)
        return list(dict.fromkeys(found))


def together(losses: Sequence[Loss]) -> str:
    """Return a sentence's worth of losses: "deletes 3 rows of book and 1,204 values of user.nickname"."""
    verb = "deletes" if all(loss.into is None for loss in losses) else "deletes or changes"
    texts = [str(loss) for loss in losses]
    rest = len(texts) - _SHOWN
    if rest > 1:
        texts = [*texts[:_SHOWN], f"what {rest} more steps delete"]
    *first, last = texts
    return f"{verb} {', '.join(first)} and {last}" if first else f"{verb} {last}"
