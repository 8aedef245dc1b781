"""`upgrade()` or `downgrade()` of a revision raised: which one, at which line, and what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ...core.errors import Busy, SchemaError
from ...core.wording import shortened
from . import signs
from .place import product

if TYPE_CHECKING:
    from .trouble import Trouble


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims everything that a running revision raised."""
    if not trouble.running_step:
        return None
    report = trouble.report
    kind = Busy if report and report.sign is signs.Sign.LOCKED else SchemaError
    return kind(
        f"{_which(trouble)} failed at {trouble.in_revision}: {_why(trouble)}",
        expected=_left_behind(trouble),
        hint=_hint(trouble, report),
    )


def _which(trouble: Trouble) -> str:
    place, revision = trouble.in_revision, trouble.revision
    function = place.function if place else "upgrade"
    if revision is None:
        return f"{function}() of a revision"
    message = f" ({shortened(revision.message, 60)})" if revision.message else ""
    return f"{function}() of revision '{revision.id}'{message}"


def _why(trouble: Trouble) -> str:
    error, report = trouble.find(DBAPIError), trouble.report
    if error is None or report is None:
        cause = trouble.chain[-1]
        return f"{type(cause).__name__}: {shortened(str(cause)) or 'no message'}."
    statement = f" The statement was: {shortened(error.statement)}." if error.statement else ""
    return f"{product(trouble.situation.url)} says: {report.words}.{statement}"


def _going_up(trouble: Trouble) -> bool:
    return trouble.in_revision is not None and not trouble.in_revision.function.startswith("downgrade")


def _left_behind(trouble: Trouble) -> str | None:
    """What is left of the revision. Nothing is said where it ends transactions itself: nobody can tell then."""
    name = f"'{trouble.revision.id}'" if trouble.revision else "the revision"
    if trouble.situation.transactional is None or _commits(trouble):
        return None
    if trouble.situation.transactional:
        return f"Everything that {name} had done was rolled back."
    engine = product(trouble.situation.url)
    if (
        engine == "SQLite"
    ):  # it can, but not through an env.py that leaves the transactions to Python's driver
        return f"What {name} did before that line may be there still."
    return (
        f"{engine} cannot undo a schema change: what {name} did before that line is there. It is written down, and "
        "passed over the next time."
    )


def _commits(trouble: Trouble) -> bool:
    place = trouble.in_revision
    source = place.path.read_text(encoding="utf-8", errors="replace") if place and place.path.exists() else ""
    return "commit(" in source or "COMMIT" in source or "autocommit_block" in source


def _hint(trouble: Trouble, report: signs.Report | None) -> str:
    situation = trouble.situation
    if report and report.sign is signs.Sign.EXISTS and _going_up(trouble) and trouble.revision:
        stamp = situation.to_type(f"stamp {trouble.revision.id}")
        return (
            "If it was made outside the migrations (`create_all()`, by hand) and is as this revision wants "
            f"it, type {stamp} to say so; otherwise remove it and {situation.again}."
        )
    if report and report.sign is signs.Sign.LOCKED:
        return f"Wait until the other connection is done, or end it, then {situation.again}."
    if not situation.started:
        return f"Correct the file, or run it on a database without `--sql`; then {situation.again}."
    if report and report.sign is signs.Sign.DATA:
        return f"Correct the rows or the file, then {situation.again}."
    return f"Correct the file, then {situation.again}."
