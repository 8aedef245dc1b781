"""Which statements of a revision took effect already, and which one of them nobody knows about.

A revision is a program. When it runs anew after a kill or a missed lock, it sends the same statements in the same
order; those that are written down as done are passed over. What stands in one transaction is done or not as a whole:
it is done if anything that was written down after it is there.

What the statements do may hang on what the database answered before; it is answered the same again.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from ..core.errors import HistoryBroken
from ..core.journal import JournalStep, StepState
from ..core.wording import shortened
from .answers import Answer, Answers

if TYPE_CHECKING:
    from ..core.recorded import Direction
    from ..ledger.journal import JournalStore

# What Alembic writes into the copy of a table depends on how far the rebuild came; which table it is does not.
_REBUILD = re.compile(r"\s*(?P<verb>\w+)\s.*?(?P<table>_alembic_tmp_\w+)", re.DOTALL)
_SHOWN = 120
_TEXT = 32


def digest_of(statement: str, parameters: Any = None) -> str:
    """Return what tells a statement again, however its lines are broken: the first half its text, the second one all.

    Parameters may be others each time (a moment, a random key), although the statement is the same.
    """
    rebuild = _REBUILD.match(statement)
    known = f"{rebuild['verb'].upper()} {rebuild['table']}" if rebuild else " ".join(statement.split())
    return _half(known) + _half(repr(parameters))


def _half(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_TEXT]


class Journal:
    """The steps of one revision in one direction, as they were written down, and how far its function came by now.

    :param store: the table.
    :param everything: all that the table holds for this version table.
    """

    def __init__(
        self, store: JournalStore, everything: list[JournalStep], revision: str, direction: Direction
    ) -> None:
        self._store = store
        self._revision = revision
        self._direction = direction
        self._position = 0
        self.wrote = False
        self._answered = Answers()
        self._known_answers: dict[int, Answers] = {}
        self._forgetful = False
        self.steps = [step for step in everything if (step.revision, step.direction) == (revision, direction)]

    @property
    def unresolved(self) -> list[JournalStep]:
        """The steps of which it is not known whether they took effect, or which failed."""
        return [step for step in self.steps if step.state is not StepState.DONE]

    def rewind(self) -> None:
        """Begin the function anew."""
        self._position = 0
        self.wrote = False
        self._answered = Answers()
        self._known_answers.clear()

    def passes(self) -> bool:
        """Whether a statement within a transaction took effect when the function ran before."""
        ahead = self.steps[self._position :]
        return any(step.is_transaction or step.state is StepState.DONE for step in ahead)

    def answer(self, digest: str, step: JournalStep | None = None) -> Answer | None:
        """What the database answered to a statement when the function ran before; `None` if that is not known.

        :param step: the statement's own, if it has one.
        """
        if step is None:
            step = self.steps[self._position] if self._position < len(self.steps) else None
        return self._answers_before(step).take(digest) if step is not None else None

    def answered(self, digest: str, answer: Answer | None) -> None:
        """Note what the database answered; it is written down with the next step."""
        if self._position == len(self.steps):
            self._answered.add(digest, answer)

    @property
    def forgets(self) -> bool:
        """Whether there was an answer that was not written down, so that what comes may be something else now."""
        return self._forgetful and self.passes()

    def known(self, statement: str) -> JournalStep | None:
        """The step that a statement with an effect at once was before; `None` if it is new.

        :raises HistoryBroken: if the function does not do any more what it did before.
        """
        return self.known_by(digest_of(statement), statement)

    def known_rows(self, statement: str, digest: str) -> JournalStep | None:
        """Do the same for a statement that changes rows, and may be a new one because the rows are others."""
        if self.forgets and not any(self._is(step, digest) for step in self.steps[self._position :]):
            return None
        return self.known_by(digest, statement)

    def known_by(self, digest: str, statement: str) -> JournalStep | None:
        """Do the same for a step that is told again by a digest of its own."""
        ahead = range(self._position, len(self.steps))
        found = next((at for at in ahead if self._is(self.steps[at], digest)), None)
        if found is not None:
            self._answers_before(self.steps[found])
            self._position = found + 1
            return self.steps[found]
        rest = self.steps[self._position :]
        done = [step for step in rest if step.state is StepState.DONE and not step.is_transaction]
        if done:
            raise _changed(self._revision, done[0].statement, statement)
        for step in rest:
            if not step.is_transaction:
                self._forget(step)
        return None

    def intend(
        self, statement: str, state: StepState = StepState.INTENT, *, digest: str | None = None
    ) -> JournalStep:
        """Write down a statement, and that what was written before it in the same transaction is done with it."""
        if self.wrote:
            self._wrote_until_here()
        step = self._new(statement, digest or digest_of(statement), state)
        self._store.add(step)
        self._append(step)
        return step

    def _is(self, step: JournalStep, digest: str) -> bool:
        return step.digest == digest or (not self._forgetful and step.digest[:_TEXT] == digest[:_TEXT])

    def _answers_before(self, step: JournalStep) -> Answers:
        if id(step) not in self._known_answers:
            self._known_answers = {id(step): Answers(step.answers)}
            self._forgetful = self._forgetful or not self._known_answers[id(step)].complete
        return self._known_answers[id(step)]

    def mark(self, step: JournalStep, state: StepState) -> None:
        """Write down how a statement ended."""
        self._store.mark(step, state)

    def committing(self) -> None:
        """Note a commit in the middle of the function, before it happens."""
        if self._position < len(self.steps) and self.steps[self._position].is_transaction:
            self._position += 1
        elif self.wrote:
            self._wrote_until_here()
        self.wrote = False

    def _wrote_until_here(self) -> None:
        step = self._new("", "", StepState.DONE)
        self._store.add(step)
        self._append(step)

    def finish(self) -> None:
        """Forget everything, in the transaction that moves the version."""
        if self.steps:
            self._store.clear(self._revision, self._direction)

    def _new(self, statement: str, digest: str, state: StepState) -> JournalStep:
        answers, self._answered = self._answered, Answers()
        return JournalStep(
            self._revision,
            self._direction,
            len(self.steps),
            statement,
            digest,
            state,
            answers=answers.text() if answers else "",
        )

    def _append(self, step: JournalStep) -> None:
        self.steps.append(step)
        self._position = len(self.steps)
        self.wrote = False

    def _forget(self, step: JournalStep) -> None:
        self._store.remove(step)
        self.steps.remove(step)


def _changed(revision: str, before: str, now: str) -> HistoryBroken:
    return HistoryBroken(
        f"Revision '{revision}' was interrupted half-way, and its file does something else since then: "
        f"`{shortened(before, _SHOWN)}` has taken effect already, and the next statement is `{shortened(now, _SHOWN)}` "
        "now. Nothing was run.",
        expected="What has taken effect must stand in the file as it was.",
        hint=f"Restore the file from version control or with `flask db recover {revision} --force`, and type the "
        "command again.",
    )
