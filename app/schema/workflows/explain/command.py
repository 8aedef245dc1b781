"""Alembic refused a command in words of its own: arguments, revisions, the state of the database."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from alembic.script.revision import MultipleHeads, RangeNotAncestorError, ResolutionError
from alembic.util import CommandError

from ...core.entry import Standing
from ...core.errors import HistoryBroken, SchemaError, UsageProblem
from ...core.wording import counted, listed, shown

if TYPE_CHECKING:
    from .trouble import Trouble

_SYMBOLS = ("head", "heads", "base", "current")
_WRONG_WAY = {"upgrade": ("-", "up", "downgrade"), "downgrade": ("+", "down", "upgrade")}
_SHOWN_PENDING = 5


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims what Alembic refused, and what its revision map raised."""
    if trouble.no_revision and not trouble.unsound:
        return UsageProblem(
            "The revision is empty.",
            expected="A shell variable in the command may have no value.",
            hint="Type a revision, or `head` or `base`.",
        )
    if trouble.past_the_end and not trouble.unsound:
        return _too_far(trouble, "")
    if not trouble.alembic or trouble.running_step or trouble.unsound:
        return None
    multiple = trouble.find(MultipleHeads)
    if multiple:
        return _several_heads(trouble, multiple.heads)
    resolution = trouble.find(ResolutionError)
    if resolution:
        return _unknown_revision(trouble, resolution)
    between = trouble.find(RangeNotAncestorError)
    if between:
        return _no_way(trouble, str(between.lower or "base"), str(between.upper or "base"))
    return _in_words(trouble)


def _several_heads(trouble: Trouble, heads: object) -> SchemaError:
    names = listed(heads) if isinstance(heads, (tuple, list)) else str(heads)
    merge = trouble.situation.to_type('merge -m "merge branches"')
    every = trouble.situation.to_type(f"{trouble.situation.command or 'upgrade'} heads")
    either = (
        "" if trouble.situation.command in ("migrate", "revision") else f", or {every} to take all of them"
    )
    return HistoryBroken(
        f"The history has more than one head: {names}.",
        expected="The command needs one, and cannot tell which.",
        hint=f"Type {merge} to join them{either}.",
    )


def _unknown_revision(trouble: Trouble, error: ResolutionError) -> SchemaError:
    wanted = str(error.argument)
    if wanted in (trouble.applied or ()):
        return _unknown_in_database(trouble, wanted)
    matches = trouble.history.starting_with(wanted)
    if len(matches) > 1:
        return UsageProblem(
            f"'{wanted}' is the beginning of {counted(len(matches), 'revision')}: "
            f"{listed(match.id for match in matches)}.",
            hint="Type more characters of the one you mean.",
        )
    return _unknown_argument(trouble, wanted)


def _unknown_in_database(trouble: Trouble, wanted: str) -> SchemaError:
    folder = shown(trouble.situation.directory or "migrations")
    stamp = trouble.situation.to_type("stamp --purge <revision>")
    found = f"The database is at revision '{wanted}', and no file in {folder} has that id."
    known = (trouble.standing or Standing()).applied.get(wanted)
    if known is not None and known.page.source_digest is not None:
        return HistoryBroken(
            f"{found} The database is ahead of this code. {known.entry.told}",
            hint=f"Deploy the code that has it, or type {trouble.situation.to_type('recover')} to write it and every "
            "other missing file back from the ledger; without them nothing can be upgraded or downgraded. If the "
            f"schema is in truth that of a revision you have, say so with {stamp}.",
        )
    return HistoryBroken(
        found,
        expected="Either the database is ahead of this code, or it belongs to another branch or application.",
        hint=f"Find the file with `git log --all --oneline -S {wanted} -- {folder}` and get it back. "
        f"If the schema is in truth that of a revision you have, say so with {stamp}.",
    )


def _unknown_argument(trouble: Trouble, wanted: str) -> SchemaError:
    ids = [revision.id for revision in trouble.history.revisions]
    near = difflib.get_close_matches(wanted, [*ids, *_SYMBOLS], n=1)
    return UsageProblem(
        f"There is no revision '{wanted}' in {shown(trouble.situation.directory or 'migrations')}.",
        expected=f"Did you mean '{near[0]}'?" if near else None,
        hint=f"Type {trouble.situation.to_type('history')} to see all revisions.",
    )


def _no_way(trouble: Trouble, lower: str, upper: str) -> SchemaError:
    return UsageProblem(
        f"There is no way from revision '{lower}' to '{upper}': neither follows the other.",
        hint=f"Type {trouble.situation.to_type('history --indicate-current')} to see where they stand.",
    )


def _in_words(trouble: Trouble) -> SchemaError:
    words = str(trouble.find(CommandError) or trouble.error).rstrip(".")
    situation = trouble.situation
    if words == "Target database is not up to date":
        return _not_up_to_date(trouble)
    if words.startswith("Relative revision") or words == "Walked too far":
        return _too_far(trouble, words)
    if "not allowed in revision identifier" in words:
        return UsageProblem(
            f"{words}.",
            expected="An id is made of letters, digits and underscores.",
            hint=f"Give another `--rev-id`, or none, and {situation.again}.",
        )
    if "--sql with --autogenerate" in words:
        return UsageProblem(
            f"{situation.to_type('migrate --sql')} cannot work: finding what changed needs the database.",
            hint=f"Type {situation.to_type('migrate')}, and then {situation.to_type('upgrade --sql')} "
            "to see the SQL.",
        )
    return SchemaError(
        f"{words}.", hint=f"Type {situation.to_type(f'{situation.command} --help')} for its options."
    )


def _too_far(trouble: Trouble, words: str) -> SchemaError:
    situation = trouble.situation
    sign, way, other = _WRONG_WAY.get(situation.command, ("", "", ""))
    if sign and words.startswith(f"Relative revision {sign}"):
        return UsageProblem(
            f"{situation.to_type(situation.command)} goes {way}, and a step that begins with {sign} goes the "
            "other way.",
            hint=f"Type {situation.to_type(other)} with the same steps.",
        )
    return UsageProblem(
        "The history does not reach that far: there are fewer revisions than steps.",
        hint=f"Type {situation.to_type('history --indicate-current')} to count them, or name the "
        "revision itself, or `base` or `head`.",
    )


def _not_up_to_date(trouble: Trouble) -> SchemaError:
    situation, history = trouble.situation, trouble.history
    applied = trouble.applied or ()
    waiting = [revision.id for revision in history.pending(applied)]
    stands = f"at {listed(applied)}" if applied else "at base, with no revision applied"
    more = f" and {len(waiting) - _SHOWN_PENDING} more" if len(waiting) > _SHOWN_PENDING else ""
    pending = f": {', '.join(waiting[:_SHOWN_PENDING])}{more}" if waiting else ""
    return SchemaError(
        f"The database is {stands}, and the newest revision is {listed(history.heads or ('none',))}.",
        expected=f"{counted(len(waiting), 'revision')} pending{pending}.",
        hint=f"Type {situation.to_type('upgrade')} first, then {situation.again}.",
    )
