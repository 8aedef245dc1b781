"""What history rules are given: the graph of revisions, and what became of files that others may have applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.edit import Difference
from ..core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .rule import Rule


@dataclass(frozen=True)
class HistoryRevision:
    """One revision file: its id, the ids that it builds on, where it is, and its branch labels."""

    id: str
    parents: tuple[str, ...] = ()
    path: Path | None = None
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class EditedRevision:
    """A revision whose file is not what it was at the reference. `details` says what it did and does now."""

    id: str
    differs: Difference
    path: Path | None = None
    details: str = ""


@dataclass(frozen=True)
class DeletedRevision:
    """A revision that the reference has and whose file is gone; `replaced_by` is the squash that took its place."""

    id: str
    path: Path | None = None
    replaced_by: str | None = None


@dataclass(frozen=True)
class History:
    """The revision files as they are, compared with a reference: a git commit or a database's ledger.

    :param revisions: all revision files, by id.
    :param heads: ids that no other revision builds on.
    :param applied: ids that the reference has, None if there is no reference. Only what is recorded there counts, not
        what lies below it in the files of today.
    :param edited: revisions of the reference whose files differ; :param deleted: those whose files are gone.
    :param reference: how the reference is called in messages: `main`, `the database`.
    """

    revisions: Mapping[str, HistoryRevision]
    heads: tuple[str, ...]
    applied: frozenset[str] | None = None
    edited: tuple[EditedRevision, ...] = ()
    deleted: tuple[DeletedRevision, ...] = ()
    reference: str = "the database"
    _children: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note which revisions build on which."""
        for revision in self.revisions.values():
            for parent in revision.parents:
                self._children.setdefault(parent, []).append(revision.id)

    def descendants(self, revision: str) -> Iterator[str]:
        """Yield the ids of all revisions that build on one, nearest first."""
        waiting, seen = list(self._children.get(revision, ())), set[str]()
        while waiting:
            current = waiting.pop(0)
            if current not in seen:
                seen.add(current)
                yield current
                waiting += self._children.get(current, ())

    def finding(
        self,
        rule: Rule,
        revision: str | None,
        message: str,
        instead: str | None = None,
        *,
        path: Path | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """Make a finding about a revision, or about the whole history where `revision` is None."""
        known = self.revisions.get(revision) if revision else None
        place = path or (known.path if known else None)
        return Finding(
            rule=str(rule.id),
            severity=rule.severity if severity is None else severity,
            message=message,
            instead=instead,
            revision=revision,
            path=str(place) if place else None,
        )
