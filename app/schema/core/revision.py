"""One revision file, as written: what it calls itself, what it follows, and where each of that stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_ID = 32
"""Characters that Alembic's version table holds (`VARCHAR(32)`, `DefaultImpl.version_table_impl`)."""

FORBIDDEN_IN_ID = "@-+:"
"""Characters with a meaning in Alembic's revision arguments (`_revision_illegal_chars`)."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision, read without running its file.

    :param id: value of `revision`.
    :param down_revisions: value of `down_revision`: no parent, one, or several for a merge.
    :param depends_on: revisions or branch labels of other branches that must be there first.
    :param branch_labels: names that this revision gives to its branch.
    :param path: the file.
    :param docstring: the docstring of the file, "" without one.
    :param header_revision: what the docstring says after "Revision ID:", `None` where it says nothing.
    :param header_parents: what the docstring says after "Revises:", `None` where it says nothing.
    :param line: line of the assignment of `revision`, 1 for the first.
    :param parents_line: line of the assignment of `down_revision`.
    """

    id: str
    down_revisions: tuple[str, ...]
    depends_on: tuple[str, ...]
    branch_labels: tuple[str, ...]
    path: Path
    docstring: str
    header_revision: str | None
    header_parents: tuple[str, ...] | None
    line: int
    parents_line: int

    @property
    def message(self) -> str:
        """The first paragraph of the docstring: what was given with `-m`."""
        return self.docstring.strip().split("\n\n")[0]


@dataclass(frozen=True, slots=True)
class HistoryProblem:
    """Something wrong with the revision files, found without running one of them.

    :param kind: short name of the kind of problem, such as "duplicate-id".
    :param found: what is, as a full sentence.
    :param hint: what to do about it, as a full sentence.
    :param path: the file where it is seen.
    :param line: the line there, 1 for the first.
    :param fatal: whether Alembic cannot work with this history at all.
    """

    kind: str
    found: str
    hint: str
    path: Path
    line: int
    fatal: bool = True
