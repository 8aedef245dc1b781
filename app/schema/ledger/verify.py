"""Files, ledger and version table, compared: pure functions from what is known to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..core.edit import HARMLESS, Edit
from ..core.entry import Applied, Entry, Standing
from ..core.finding import Finding, Severity
from ..core.lineage import lineage
from ..core.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITED = "edited-applied-revision"
DELETED = "deleted-revision"
AHEAD = "database-ahead"
NEVER_APPLIED = "never-applied-revision"
UNRECORDED = "unrecorded-change"
OUT_OF_ORDER = "applied-out-of-order"
INTERRUPTED = "interrupted-revision"
FAILED = "failed-revision"
NO_LEDGER = "no-ledger"

ACCEPTABLE = frozenset({EDITED, DELETED, NEVER_APPLIED, OUT_OF_ORDER})
"""What a person may say is right as it is."""


@dataclass(frozen=True)
class FileNow:
    """A revision file as it is now.

    :param above: what the revision follows and depends on.
    :param path: of the file, as messages name it.
    :param digest: of its normalised source.
    """

    revision: str
    above: tuple[str, ...]
    path: str
    digest: str


@dataclass(frozen=True)
class Evidence:
    """What is compared, of one database.

    :param standing: what the ledger says; `None` where there is none.
    :param heads: what the version table says.
    :param files: the revision files, by id.
    :param edits: how those files differ whose digest is not that of the ledger, by revision.
    :param replaced: revisions whose place another file has taken that names them in `replaces`.
    """

    standing: Standing | None
    heads: tuple[str, ...]
    files: Mapping[str, FileNow]
    edits: Mapping[str, Edit] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()

    @cached_property
    def lineage(self) -> list[str]:
        """What a database has by these files that stands at `heads`, parents first."""
        return lineage(self.heads, lambda it: self.files[it].above if it in self.files else None)


def edited(standing: Standing, files: Mapping[str, FileNow]) -> list[str]:
    """Return the applied revisions whose source is not what it was. Those that it is not known of are left out."""
    return [
        revision
        for revision, applied in standing.applied.items()
        if revision in files and applied.page.source_digest not in (None, files[revision].digest)
    ]


def verify(evidence: Evidence) -> list[Finding]:
    """Return what does not fit, the worst first."""
    found = list(_ahead(evidence))
    if evidence.standing is None:
        found.append(_no_ledger())
    else:
        for look in (_deleted, _edited, _never_applied, _unrecorded, _out_of_order, _unfinished):
            found += look(evidence, evidence.standing)
    return sorted(found, key=lambda finding: -finding.severity)


def _no_ledger() -> Finding:
    return Finding(
        NO_LEDGER,
        Severity.INFO,
        "There is no ledger in this database yet, so that nothing is known of how the revision files looked when they "
        "were applied.",
        "The next `flask db upgrade` that runs a revision begins one.",
    )


def _ahead(evidence: Evidence) -> Iterator[Finding]:
    for head in evidence.heads:
        if head not in evidence.files:
            applied = (evidence.standing or Standing()).applied
            below = [it for it in _above(applied, head) if it in applied and it not in evidence.files]
            yield ahead(head, applied[head].entry if head in applied else None, below)


def ahead(head: str, entry: Entry | None, below: Sequence[str] = ()) -> Finding:
    """Return the finding for a database that stands at a revision which no file has.

    :param entry: how the ledger says that it came about.
    :param below: further revisions without files that it follows.
    """
    told = f" {entry.told}" if entry is not None else ""
    also = f" {listed(below)}, which it follows, {_have(below)} no file either." if below else ""
    stored = (
        f"Deploy the code that has it, or write the file back from the ledger: `flask db recover "
        f"{' '.join([head, *below])}`. Without the file nothing can be upgraded or downgraded."
    )
    search = (
        f"Find the file with `git log --all --oneline -S {head}` and get it back. If the schema is in truth that of a "
        "revision you have, say so with `flask db stamp --purge <revision>`."
    )
    return Finding(
        AHEAD,
        Severity.ERROR,
        f"The database is ahead of this code: it stands at revision '{head}', and no file has that id.{told}{also}",
        stored if entry is not None and entry.page.source_digest else search,
        revision=head,
    )


def _deleted(evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    below_heads = {
        it for head in evidence.heads if head not in evidence.files for it in _above(standing.applied, head)
    }
    gone = set(standing.applied) - set(evidence.files) - set(evidence.heads) - below_heads - evidence.replaced
    for revision in (it for it in standing.applied if it in gone):
        entry = standing.applied[revision].entry
        yield Finding(
            DELETED,
            Severity.ERROR,
            f"Revision '{revision}' is applied, and no file has that id. {entry.told}",
            f"Write the file back with `flask db recover {revision}`. If it is meant to be gone: "
            f'`flask db verify --accept {revision} --reason "why"`.',
            revision=revision,
            path=entry.page.path or None,
        )


def _edited(evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    for revision, edit in evidence.edits.items():
        yield _finding_of(edit, standing.applied[revision], evidence.files[revision])


_CONSEQUENCE = {
    "text": "it differs in formatting, comments or typing only.",
    "code": "it is written differently, and does the same.",
    "downgrade": "its upgrade is the same, but going back now does something else than it did then.",
    "unknown": "whether it still does the same cannot be told without a database.",
    "parents": "its operations are the same, but {details}.",
    "operations": "it does something else now. This database keeps what the old text did, new ones get the other.",
}


def _finding_of(edit: Edit, applied: Applied, file: FileNow) -> Finding:
    revision = file.revision
    words = _CONSEQUENCE[edit.differs].format(details=edit.details)
    diff = f"\n\n{edit.diff}" if edit.diff and edit.differs not in HARMLESS else ""
    restore = (
        f"Give the file its old text back (`flask db recover {revision} --force`, or git), and write the change as a "
        f'new revision. If it is right as it is: `flask db verify --accept {revision} --reason "why"`.'
    )
    return Finding(
        EDITED,
        _severity(edit),
        f"The file of revision '{revision}' was edited: {words} {applied.entry.told}{diff}",
        None if edit.differs in HARMLESS else restore,
        revision=revision,
        path=file.path,
    )


def _severity(edit: Edit) -> Severity:
    if edit.differs in HARMLESS:
        return Severity.INFO
    return Severity.ERROR if edit.differs == "operations" else Severity.WARNING


def _never_applied(evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    if not standing.applied or _moved(evidence, standing):
        return
    for revision in evidence.lineage:
        file = evidence.files[revision]
        if revision in standing.applied or revision in evidence.replaced:
            continue
        heads = listed(evidence.heads)
        yield Finding(
            NEVER_APPLIED,
            Severity.ERROR,
            f"Revision '{revision}' stands below {heads}, where this database is, and was never run here: the file was "
            f"put in between later. No upgrade will run it.",
            f"Let it follow the newest revision (`down_revision` in {file.path}), so that it is run. If what it does "
            f'is in the database already: `flask db verify --accept {revision} --reason "why"`.',
            revision=revision,
            path=file.path,
        )


def _unrecorded(evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    if not _moved(evidence, standing):
        return
    now = listed(evidence.heads) if evidence.heads else "nothing"
    then = listed(standing.heads) if standing.heads else "nothing"
    run = [it for it in evidence.lineage if it not in standing.applied]
    back = [it for it in standing.applied if it not in evidence.lineage and it in evidence.files]
    parts = [f" Without an entry: {listed(run)}."] if run else []
    parts += [f" Applied by the ledger, and not by the version table: {listed(back)}."] if back else []
    yield Finding(
        UNRECORDED,
        Severity.WARNING,
        f"The version table says {now}, and the last entry of the ledger left it at {then}: something that writes no "
        f"ledger has moved it (`alembic` or Flask-Migrate by itself, SQL by hand, `--sql`).{''.join(parts)}",
        "If the schema is that of the version table, go on: the next `flask db upgrade` that runs a revision enters "
        "what is missing. If it is that of the ledger, say so first: `flask db stamp "
        f"{' '.join(standing.heads or ('base',))}`.",
    )


def _out_of_order(evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    places = {revision: place for place, revision in enumerate(standing.applied)}
    for revision, place in places.items():
        above = evidence.files[revision].above if revision in evidence.files else ()
        # What was described anew since then was looked at with the order that it has now.
        since = standing.applied[revision].latest.number
        later = [
            it for it in above if places.get(it, -1) > place and standing.applied[it].entry.number > since
        ]
        if later:
            yield Finding(
                OUT_OF_ORDER,
                Severity.WARNING,
                f"Revision '{revision}' follows {listed(later)} by its file, and was applied before. "
                f"{standing.applied[revision].entry.told}",
                "New databases run them in the other order. Look whether the outcome is the same: `flask db check`.",
                revision=revision,
                path=evidence.files[revision].path,
            )


def _unfinished(_evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    for revision, entry in standing.open.items():
        yield Finding(
            INTERRUPTED,
            Severity.WARNING,
            f"Revision '{revision}' began and did not come to an end. {entry.told}",
            f"Type `flask db {entry.direction}` again: it goes on where it was interrupted.",
            revision=revision,
            path=entry.page.path or None,
        )
    for revision, entry in standing.failed.items():
        yield Finding(
            FAILED,
            Severity.INFO,
            f"The last {entry.direction} of revision '{revision}' failed: {entry.error or 'nothing is known of it'}. "
            f"{entry.told}",
            revision=revision,
            path=entry.page.path or None,
        )


def _moved(evidence: Evidence, standing: Standing) -> bool:
    return set(evidence.heads) != set(standing.heads or ())


def _above(applied: Mapping[str, Applied], revision: str) -> list[str]:
    """What a revision followed, as the ledger tells it."""
    found: dict[str, None] = {}
    waiting = [revision]
    while waiting:
        known = applied.get(waiting.pop())
        new = [it for it in (known.page.parents if known else ()) if it not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"
