"""Revisions → what is wrong with the graph they make. Pure functions; nothing is read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ..core.revision import FORBIDDEN_IN_ID, LONGEST_ID, HistoryProblem, Revision
from ..core.wording import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def heads(revisions: Sequence[Revision]) -> tuple[Revision, ...]:
    """The revisions that no other one follows."""
    parents = {parent for revision in revisions for parent in revision.down_revisions}
    return tuple(revision for revision in revisions if revision.id not in parents)


def ancestors(revisions: Sequence[Revision], ids: Sequence[str]) -> frozenset[str]:
    """The ids, and every id that they follow or depend on. Unknown ids are kept and lead nowhere."""
    labels = {label: revision.id for revision in revisions for label in revision.branch_labels}
    above = {r.id: r.down_revisions + tuple(labels.get(d, d) for d in r.depends_on) for r in revisions}
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        revision_id = waiting.pop()
        if revision_id not in found:
            found.add(revision_id)
            waiting.extend(above.get(revision_id, ()))
    return frozenset(found)


def problems(revisions: Sequence[Revision], *, complete: bool = True) -> Iterator[HistoryProblem]:
    """Everything that is wrong with the graph.

    :param complete: whether these are all revisions. If some could not be read, what looks missing may be one
        of them, so that nothing is said about missing parents and heads.
    """
    yield from _duplicates(revisions)
    if complete:
        yield from _missing_parents(revisions)
        yield from _several_heads(revisions)
    yield from _cycles(revisions)
    for revision in revisions:
        yield from _unusable_id(revision)
        yield from _wrong_header(revision)


def _duplicates(revisions: Sequence[Revision]) -> Iterator[HistoryProblem]:
    by_id: dict[str, list[Revision]] = defaultdict(list)
    for revision in revisions:
        by_id[revision.id].append(revision)
    for revision_id, (first, *others) in by_id.items():
        for other in others:
            yield HistoryProblem(
                kind="duplicate-id",
                found=f"Revision '{revision_id}' exists twice: {shown(first.path, first.line)} and "
                f"{shown(other.path, other.line)}.",
                hint="Delete the file that is the copy, or give it an id of its own in `revision`.",
                path=other.path,
                line=other.line,
            )


def _missing_parents(revisions: Sequence[Revision]) -> Iterator[HistoryProblem]:
    known = {revision.id for revision in revisions}
    known.update(label for revision in revisions for label in revision.branch_labels)
    for revision in revisions:
        for parent in (*revision.down_revisions, *revision.depends_on):
            if parent not in known:
                yield HistoryProblem(
                    kind="missing-parent",
                    found=f"Revision '{revision.id}' ({shown(revision.path, revision.parents_line)}) follows "
                    f"'{parent}', but no file has that id.",
                    hint=f"Get the file of '{parent}' back (`git log --all -S {parent} --oneline` finds "
                    "where it went), or set `down_revision` to a revision that exists.",
                    path=revision.path,
                    line=revision.parents_line,
                )


def _several_heads(revisions: Sequence[Revision]) -> Iterator[HistoryProblem]:
    tips = heads(revisions)
    if len(tips) < 2:
        return
    yield HistoryProblem(
        kind="several-heads",
        found=f"The history has {len(tips)} heads, {listed(tip.id for tip in tips)}.",
        hint='Type `flask db merge -m "merge branches"` to join them.',
        path=tips[-1].path,
        line=tips[-1].line,
        fatal=False,
    )


def _cycles(revisions: Sequence[Revision]) -> Iterator[HistoryProblem]:
    by_id = {revision.id: revision for revision in revisions}
    seen: set[str] = set()
    for revision in revisions:
        circle = _circle_above(revision.id, by_id, seen)
        if circle:
            yield _cycle(circle, by_id[circle[0]])


def _circle_above(start: str, by_id: dict[str, Revision], seen: set[str]) -> tuple[str, ...]:
    """The ids of a circle met when walking from `start` to its parents; empty without one.

    `seen` grows with everything walked over, so that the whole history is walked once.
    """
    trail: list[str] = []
    on_trail: set[str] = set()
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        current, leaving = waiting.pop()
        if leaving:
            on_trail.discard(trail.pop())
        elif current in on_trail:
            return tuple(trail[trail.index(current) :])
        elif current in by_id and current not in seen:
            seen.add(current)
            trail.append(current)
            on_trail.add(current)
            above = by_id[current].down_revisions + by_id[current].depends_on
            waiting.append((current, True))
            waiting.extend((parent, False) for parent in above)
    return ()


def _cycle(circle: tuple[str, ...], first: Revision) -> HistoryProblem:
    way = " → ".join(f"'{name}'" for name in (*circle, circle[0]))
    return HistoryProblem(
        kind="cycle",
        found="The revisions follow each other in a circle: "
        f"{way} ({shown(first.path, first.parents_line)}).",
        hint="Correct the `down_revision` of the one that should come first.",
        path=first.path,
        line=first.parents_line,
    )


def _unusable_id(revision: Revision) -> Iterator[HistoryProblem]:
    where = shown(revision.path, revision.line)
    if len(revision.id) > LONGEST_ID:
        yield HistoryProblem(
            kind="long-id",
            found=f"The id of revision '{revision.id}' ({where}) has {len(revision.id)} characters, and the "
            f"version table holds {LONGEST_ID}.",
            hint="Shorten `revision`, and `down_revision` in the files that follow it.",
            path=revision.path,
            line=revision.line,
            fatal=False,
        )
    forbidden = sorted(set(revision.id) & set(FORBIDDEN_IN_ID))
    if forbidden:
        yield HistoryProblem(
            kind="forbidden-character",
            found=f"The id of revision '{revision.id}' ({where}) contains {listed(forbidden)}, which has "
            "another meaning on the command line.",
            hint="Use letters, digits and underscores only.",
            path=revision.path,
            line=revision.line,
        )


def _wrong_header(revision: Revision) -> Iterator[HistoryProblem]:
    if revision.header_revision not in (None, revision.id):
        yield _header(revision, "Revision ID", str(revision.header_revision), "revision", revision.id)
    parents = revision.header_parents
    if parents is not None and set(parents) != set(revision.down_revisions):
        said, is_ = ", ".join(parents) or "nothing", ", ".join(revision.down_revisions) or "None"
        yield _header(revision, "Revises", said, "down_revision", is_)


def _header(revision: Revision, label: str, said: str, variable: str, value: str) -> HistoryProblem:
    return HistoryProblem(
        kind="wrong-header",
        found=f'The docstring of {shown(revision.path, 1)} says "{label}: {said}", '
        f"and `{variable}` is {value}.",
        hint="Make the docstring say what the variable says; the variable counts.",
        path=revision.path,
        line=1,
        fatal=False,
    )
