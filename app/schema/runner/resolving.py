"""Finds out what became of the steps of an interrupted revision, or asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import SchemaError
from ..core.journal import JournalStep, StepState, half_done
from ..core.outcome import Outcome
from ..core.wording import shortened
from .recovery import recovered, settled
from .server import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.outcome import Verdict
    from ..core.server import Server
    from .journal import Journal
    from .session import Session

_SHOWN = 200


class Unresolved(SchemaError):
    """The database does not tell whether a step took effect; a person has to."""


class HalfDone(SchemaError):
    """A revision was interrupted half-way, and the command would leave it so."""


def resolve(session: Session, journal: Journal) -> None:
    """Find out about each step of which it is not known whether it took effect, and clear away what it left.

    :raises Unresolved: if the database does not tell, and nobody has answered.
    """
    if not journal.unresolved:
        return
    server = server_of(session.connection)
    for step in list(journal.unresolved):
        _resolve(session, journal, step, server)


def _resolve(session: Session, journal: Journal, step: JournalStep, server: Server) -> None:
    policy = session.policy
    if step.state is StepState.FAILED and not _left_something(session, step, server):
        return  # the server has said that it did not take effect; what is there of that name is somebody else's
    verdict = recovered(session.connection, step.statement, server, policy.runner_wait, policy.tell)
    done = _is_done(session, step, verdict)
    journal.mark(step, StepState.DONE if done else StepState.FAILED)


def _left_something(session: Session, step: JournalStep, server: Server) -> bool:
    policy = session.policy
    verdict = settled(session.connection, step.statement, server, policy.runner_wait, policy.tell)
    return verdict.outcome is Outcome.BROKEN


def _is_done(session: Session, step: JournalStep, verdict: Verdict) -> bool:
    if verdict.outcome is not Outcome.UNKNOWN:
        return verdict.outcome is Outcome.DONE
    if session.policy.answer is None:
        raise _question(step, verdict)
    return session.policy.answer == "done"


def _question(step: JournalStep, verdict: Verdict) -> Unresolved:
    return Unresolved(
        f"A runner ended while revision '{step.revision}' executed `{shortened(step.statement, _SHOWN)}`, and whether "
        f"that took effect is not known. {verdict.explanation} Nothing was run.",
        expected="Only a person can tell what the database does not.",
        hint="Look at the database. Type `flask db resume --step-done` if the statement took effect, "
        "`flask db resume --step-redo` if it is to be run again.",
    )


def require_unfinished_first(steps: Iterable[JournalStep], revision: str, direction: str) -> None:
    """Refuse to go on with anything but the revision that was interrupted.

    :param steps: all that the journal holds.
    :param revision: what would run first.
    :raises HalfDone: if that is another one.
    """
    unfinished = half_done(steps)
    if not unfinished or (revision, direction) in unfinished:
        return
    first = next(iter(unfinished.values()))[0]
    raise HalfDone(
        f"The {first.direction} of revision '{first.revision}' was interrupted half-way, and this command would run "
        f"the {direction} of '{revision}' first. Nothing was run.",
        expected="What was begun has to come to its end first.",
        hint="Type `flask db resume` to finish it.",
    )
