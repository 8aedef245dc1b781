"""What became of a statement of which only the intent was written down before the runner died."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What the database shows of a statement that was to be executed."""

    DONE = "done"
    """What it changes is there in the shape that it gives: it is passed over."""
    NOT_DONE = "not done"
    """Nothing of it is there: it is executed."""
    REPEATABLE = "repeatable"
    """Whatever became of it, executing it (again) leaves what executing it once does."""
    BROKEN = "broken"
    """It stopped half-way, and left what `Verdict.cleanup` clears away. Then the question is asked again."""
    RUNNING = "running"
    """A session of the dead runner still executes it. The question is asked again when that has ended."""
    UNKNOWN = "unknown"
    """It cannot be told: a person has to say."""


@dataclass(frozen=True)
class Verdict:
    """The answer of a probe.

    :param explanation: what was found, as one or more full sentences with the user's own names.
    :param cleanup: statements that clear away what a broken one left, each to be executed outside of a transaction.
    """

    outcome: Outcome
    explanation: str
    cleanup: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the runner can go on without asking or waiting."""
        return self.outcome not in (Outcome.UNKNOWN, Outcome.RUNNING)


def together(verdicts: tuple[Verdict, ...] | list[Verdict]) -> Verdict:
    """Join the answers about the parts of one statement, which the server does as a whole or not at all.

    Parts that are done beside parts that are not contradict each other, and then nothing is known.
    """
    outcomes = {verdict.outcome for verdict in verdicts}
    explanation = " ".join(dict.fromkeys(verdict.explanation for verdict in verdicts))
    cleanup = tuple(dict.fromkeys(line for verdict in verdicts for line in verdict.cleanup))
    for strongest in (Outcome.RUNNING, Outcome.UNKNOWN, Outcome.BROKEN):
        if strongest in outcomes:
            return Verdict(strongest, explanation, cleanup if strongest is Outcome.BROKEN else ())
    decided = outcomes - {Outcome.REPEATABLE}
    if len(decided) > 1:
        return Verdict(Outcome.UNKNOWN, explanation)
    return Verdict(next(iter(decided), Outcome.REPEATABLE), explanation)
