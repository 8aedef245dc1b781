"""One revision file → what it says about itself. The file is parsed, never run.

A value that is not a literal (`revision = make_id()`) is *cannot tell*: `Undetermined`, not a guess. Whoever
needs the value then has to let Alembic load the file.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ..core.revision import HistoryProblem, Revision
from ..core.wording import shown

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = re.compile(r"^(Revision ID|Revises):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")
_NAMES = ("revision", "down_revision", "branch_labels", "depends_on")


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A file whose revision cannot be told without running it."""

    path: Path


class _CannotTellError(Exception):
    """A value that is not a literal."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The parsed text of a file: values and lines of the assignments, and the docstring."""

    values: dict[str, ast.expr]
    lines: dict[str, int]
    docstring: str
    computed: bool


def read_file(path: Path) -> Revision | Undetermined | HistoryProblem:
    """Read one file of a versions folder.

    :return: the revision; or what is wrong with the file; or `Undetermined`.
    """
    try:
        text = _parsed(path.read_bytes())
    except SyntaxError as error:
        return _not_python(path, error.msg, error.lineno or 1)
    except ValueError as error:  # Python 3.11 reports a null byte so
        return _not_python(path, str(error), 1)
    if "revision" not in text.values and not _named_by_id(path, text):
        return Undetermined(path) if text.computed else _stray(path)
    try:
        return _revision(path, text)
    except _CannotTellError:
        return Undetermined(path)


@lru_cache(maxsize=16384)
def _parsed(source: bytes) -> _Text:
    """Parse the source. The bytes are the key of the cache, so that an edited file is read anew."""
    tree = ast.parse(source)
    values: dict[str, ast.expr] = {}
    lines: dict[str, int] = {}
    for node in tree.body:
        for name, value in _assigned(node):
            values[name], lines[name] = value, node.lineno
    computed = "revision" not in values and any(map(_may_set_revision, ast.walk(tree)))
    return _Text(values, lines, ast.get_docstring(tree, clean=False) or "", computed)


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """The identifiers of a revision that this statement sets, with their values."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets, value = [node.target], node.value
    elif isinstance(node, ast.Assign):
        targets, value = node.targets, node.value  # type: ignore[assignment]  # the same kind of list
    else:
        return []
    return [(name.id, value) for name in targets if isinstance(name, ast.Name) and name.id in _NAMES]


def _may_set_revision(node: ast.AST) -> bool:
    """Whether this part of the file may set `revision` in a way that only running it shows."""
    if isinstance(node, ast.Name):
        return node.id == "revision" and isinstance(node.ctx, ast.Store)
    return isinstance(node, ast.alias) and (node.asname or node.name) in ("*", "revision")


def _named_by_id(path: Path, text: _Text) -> bool:
    """Whether the file name is the id, as in the first versions of Alembic."""
    return "down_revision" in text.values and _LEGACY_NAME.match(path.name) is not None


def _revision(path: Path, text: _Text) -> Revision:
    header = dict(_HEADER.findall(text.docstring))
    revises = header.get("Revises")
    ids = _strings(text.values["revision"]) if "revision" in text.values else (path.stem,)
    if len(ids) != 1 or "down_revision" not in text.values:
        raise _CannotTellError
    return Revision(
        id=ids[0],
        down_revisions=_strings(text.values["down_revision"]),
        depends_on=_strings(text.values.get("depends_on")),
        branch_labels=_strings(text.values.get("branch_labels")),
        path=path,
        docstring=text.docstring,
        header_revision=header.get("Revision ID") or None,
        header_parents=None if revises is None else _header_ids(revises),
        line=text.lines.get("revision", 1),
        parents_line=text.lines["down_revision"],
    )


def _strings(value: ast.expr | None) -> tuple[str, ...]:
    """A literal string, or a literal collection of them, as a tuple; nothing and `None` are empty."""
    if value is None:
        return ()
    try:
        literal = ast.literal_eval(value)
    except ValueError:
        raise _CannotTellError from None
    items = literal if isinstance(literal, (tuple, list, set)) else () if literal is None else (literal,)
    if not all(isinstance(item, str) for item in items):
        raise _CannotTellError
    return tuple(items)


def _header_ids(text: str) -> tuple[str, ...]:
    """The ids after "Revises:". Templates write no parent as nothing, "None" or "<base>"."""
    ids = tuple(part.strip() for part in text.split(",") if part.strip())
    return () if ids in (("None",), ("<base>",)) else ids


def _not_python(path: Path, what: str, line: int) -> HistoryProblem:
    return HistoryProblem(
        kind="syntax-error",
        found=f"{shown(path, line)} is not valid Python: {what}.",
        hint="Correct that line; every revision file is read by every command.",
        path=path,
        line=line,
    )


def _stray(path: Path) -> HistoryProblem:
    return HistoryProblem(
        kind="stray-file",
        found=f"{shown(path, 1)} is in the versions folder but sets no `revision`.",
        hint="Move the file out of the folder, or give it `revision` and `down_revision`.",
        path=path,
        line=1,
    )
