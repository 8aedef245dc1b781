"""What is written down of a revision that cannot be rolled back as a whole, while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

from .recorded import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable

Answer = Literal["done", "redo"]
"""What a person says of a step of which the database does not tell whether it took effect."""


class StepState(Enum):
    """How far one statement came."""

    INTENT = "intent"
    """It was about to be sent. What became of it is not known."""
    DONE = "done"
    FAILED = "failed"
    """The server answered with an error."""


@dataclass
class JournalStep:
    """One statement that took effect at once, or one transaction in the middle of a revision.

    :param revision: id of the revision.
    :param direction: which of its functions runs.
    :param position: 0 for the first step of the function.
    :param statement: the SQL as it was sent; "" for a transaction.
    :param digest: tells the statement again when the function runs anew; "" for a transaction.
    :param id: key in the table.
    :param answers: what the database answered since the step before, as `runner.answers` writes it.
    """

    revision: str
    direction: Direction
    position: int
    statement: str
    digest: str
    state: StepState
    id: int | None = None
    answers: str = ""

    @property
    def is_transaction(self) -> bool:
        """Whether it stands for all that was written before a commit in the middle of the revision."""
        return not self.digest


def half_done(steps: Iterable[JournalStep]) -> dict[tuple[str, Direction], list[JournalStep]]:
    """Return the revisions that were begun and not finished, each with its steps.

    One whose first statement failed, so that nothing of it took effect, is none of them.
    """
    begun: dict[tuple[str, Direction], list[JournalStep]] = {}
    for step in steps:
        begun.setdefault((step.revision, step.direction), []).append(step)
    return {
        name: its for name, its in begun.items() if any(step.state is not StepState.FAILED for step in its)
    }
