"""Compare files, ledgers and version tables, and accept what differs where somebody says why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.entry import Kind
from ..core.errors import UsageProblem
from ..core.finding import Finding, Severity
from ..core.ledger_report import Verification
from ..core.wording import listed
from ..ledger.verify import ACCEPTABLE, DELETED
from ..ledger.verify import verify as compare
from ..runner.entering import enter
from ..runner.lock import Patience
from ..runner.server import server_of
from ..scripts import directory
from .clerk import clerk_of
from .databases import loads, look_at_each
from .evidence import files_of_alembic, files_of_history, gathered
from .running import revisions, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from ..core.entry import Entry, Standing
    from ..core.server import Server
    from ..runner.clerk import Clerk
    from ..scripts.writing import RevisionFolder
    from .databases import Place
    from .evidence import Files
    from .target import Target


@dataclass(frozen=True)
class _Looked:
    """What was found in one database, and how to come back to it."""

    verification: Verification
    known: Standing | None
    engine: Engine
    version_table: tuple[str, str | None]
    server: Server


def verify(
    target: Target, *, accept: Sequence[str] = (), reason: str | None = None
) -> tuple[Verification, ...]:
    """Return what does not fit, database by database. Without `accept` nothing is written.

    :param accept: revisions that are right as they are now: the ledger is told so, with a new entry.
    :param reason: why.
    :raises UsageProblem: if there is no reason, or nothing about one of the revisions that could be accepted.
    """
    if accept and not (reason or "").strip():
        raise UsageProblem("`--accept` needs a reason.", hint='Add `--reason "why"`.')
    with running(target):
        folder = revisions(target)
        files, broken = _files(folder)
        found = _look(target, folder, files, broken)
        if accept:
            _accept(target, files, found, accept, str(reason))
            found = _look(target, folder, files, broken)
    return tuple(it.verification for it in found)


def _look(target: Target, folder: RevisionFolder, files: Files, broken: list[Finding]) -> list[_Looked]:
    found: list[_Looked] = []

    def look(place: Place) -> None:
        store, server = place.ledger, server_of(place.connection)
        entries = store.read() if store.exists() else None
        evidence = gathered(store, entries, place.heads, files, server)
        findings = [*compare(evidence), *broken]
        known = evidence.standing
        verification = Verification(
            place.bind, place.url, place.heads, len(known.applied) if known else 0, findings
        )
        found.append(_Looked(verification, known, place.connection.engine, place.version_table, server))

    look_at_each(target, folder, look)
    return found


def _files(folder: RevisionFolder) -> tuple[Files, list[Finding]]:
    """The revision files, and what keeps Alembic from loading them."""
    if loads(folder):
        return files_of_alembic(folder), []
    history = directory.read(folder._version_locations, recursive=folder.recursive_version_locations)
    problems = [it for it in history.problems if it.fatal]
    return files_of_history(history), [
        Finding(it.kind, Severity.ERROR, it.found, it.hint, path=str(it.path), line=it.line)
        for it in problems
    ]


def _accept(
    target: Target, files: Files, found: Sequence[_Looked], accept: Sequence[str], reason: str
) -> None:
    clerk = clerk_of(target, note=reason)
    for wanted in accept:
        revision = _meant(found, wanted)
        for looked in found:
            entry = _repair(clerk, files, looked, revision)
            if entry is not None:
                with looked.engine.connect() as connection:
                    patience = Patience(target.settings.runner_wait, target.tell)
                    enter(connection, looked.version_table, [entry], patience)


def _meant(found: Sequence[_Looked], wanted: str) -> str:
    """The one revision that a user means, of those about which there is something to accept."""
    open_ = {
        str(finding.revision)
        for looked in found
        for finding in looked.verification.findings
        if finding.rule in ACCEPTABLE
    }
    meant = sorted(it for it in open_ if it == wanted) or sorted(it for it in open_ if it.startswith(wanted))
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UsageProblem(
            f"'{wanted}' is the beginning of {listed(meant)}.",
            hint="Type more characters of the one you mean.",
        )
    raise UsageProblem(
        f"There is nothing about a revision '{wanted}' that could be accepted.",
        expected=f"There is something about {listed(sorted(open_))}." if open_ else None,
        hint="Type `flask db verify` to see what does not fit.",
    )


def _repair(clerk: Clerk, files: Files, looked: _Looked, revision: str) -> Entry | None:
    """The entry that makes the ledger say what is; `None` where it does already."""
    rules = [it.rule for it in looked.verification.findings if it.revision == revision]
    known = looked.known
    if known is None or not ACCEPTABLE.intersection(rules):
        return None
    server = str(looked.server)
    if DELETED in rules:
        return clerk.entry(known.applied[revision].page, "downgrade", Kind.REPAIR, server=server)
    # It brings the recorder of revisions, which only who accepts something must wait for.
    from ..runner.pages import described

    file = files[revision]
    before = known.applied.get(revision)
    page = file.page if before is None else replace(file.page, path=before.page.path)
    page, _ = described(page, file.path, looked.server)
    return clerk.entry(page, "upgrade", Kind.REPAIR, server=server)
