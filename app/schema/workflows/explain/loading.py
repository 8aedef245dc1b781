"""A revision file or env.py cannot be loaded, or env.py raised by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.errors import HistoryBroken, SchemaError, UsageProblem
from ...core.wording import shortened, shown

if TYPE_CHECKING:
    from .trouble import Place, Trouble


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims what a file of the migrations folder raised while it was loaded, and what env.py raised."""
    if (
        trouble.running_step
        or trouble.alembic
        or trouble.configured
        or trouble.unsound
        or trouble.report
        or trouble.no_revision
        or trouble.past_the_end
    ):
        return None
    syntax = trouble.find(SyntaxError)
    if syntax is not None and syntax.filename:
        return HistoryBroken(
            f"{shown(syntax.filename, syntax.lineno)} is not valid Python: {syntax.msg}.",
            hint=f"Correct that line, then {trouble.situation.again}.",
        )
    if trouble.in_revision:
        return _revision(trouble, trouble.in_revision)
    return _environment(trouble, trouble.in_environment) if trouble.in_environment else None


def _revision(trouble: Trouble, place: Place) -> SchemaError:
    missing = trouble.find(ImportError)
    advice = (
        "A revision should import only alembic, sqlalchemy and the standard library, since what it imports "
        "must exist for ever."
        if missing
        else None
    )
    return HistoryBroken(
        f"The revision file {place} cannot be loaded: {_said(trouble)}",
        expected=advice,
        hint=f"Correct that line, then {trouble.situation.again}.",
    )


def _environment(trouble: Trouble, place: Place) -> SchemaError:
    return UsageProblem(
        f"{place} raised {_said(trouble)}",
        hint="Correct that line, or see with --traceback where it comes from; then "
        f"{trouble.situation.again}.",
    )


def _said(trouble: Trouble) -> str:
    cause = trouble.chain[-1]
    return f"{type(cause).__name__}: {shortened(str(cause)).rstrip('.') or 'no message'}."
