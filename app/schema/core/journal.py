"""What is written down of a revision that cannot be rolled back as a whole, while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from .recorded import Direction

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
    """

    revision: str
    direction: Direction
    position: int
    statement: str
    digest: str
    state: StepState
    id: int | None = None

    @property
    def is_transaction(self) -> bool:
        """Whether it stands for all that was written before a commit in the middle of the revision."""
        return not self.digest
