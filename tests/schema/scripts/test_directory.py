from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from app.schema.core.errors import HistoryBroken
from app.schema.scripts import directory

if TYPE_CHECKING:
    from pathlib import Path


def write(
    folder: Path,
    revision: str,
    parent: str | None = None,
    *,
    name: str | None = None,
    header: str = "",
    extra: str = "",
) -> Path:
    path = folder / (name or f"{revision}.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    docstring = header or f"Change {revision}\n\nRevision ID: {revision}\nRevises: {parent or ''}\n"
    path.write_text(
        f'"""{docstring}"""\nrevision = {revision!r}\ndown_revision = {parent!r}\n{extra}'
        "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n",
        encoding="utf-8",
    )
    return path


def kinds(history: directory.History) -> list[str]:
    return [problem.kind for problem in history.problems]


def test_linear_history_is_sound(tmp_path: Path) -> None:
    write(tmp_path, "one")
    path = write(tmp_path, "two", "one")
    history = directory.read([tmp_path])
    history.require_sound()
    assert history.problems == ()
    assert history.heads == ("two",)
    two = history.get("two")
    assert two is not None
    assert (two.message, two.down_revisions, two.path, two.line) == ("Change two", ("one",), path, 6)
    assert [revision.id for revision in history.pending(["one"])] == ["two"]


@pytest.mark.parametrize(
    ("source", "parents", "depends_on", "labels"),
    [
        ("revision: str = 'a'\ndown_revision: str | None = 'p'\n", ("p",), (), ()),
        ("revision = 'a'\ndown_revision = ('p', 'q')\ndepends_on = 'p'\n", ("p", "q"), ("p",), ()),
        ("revision = 'a'\ndown_revision = None\nbranch_labels = ['x', 'y']\n", (), (), ("x", "y")),
    ],
)
def test_every_way_of_assigning_is_read(
    tmp_path: Path,
    source: str,
    parents: tuple[str, ...],
    depends_on: tuple[str, ...],
    labels: tuple[str, ...],
) -> None:
    (tmp_path / "a.py").write_text(source)
    (revision,) = directory.read([tmp_path]).revisions
    read = (revision.down_revisions, revision.depends_on, revision.branch_labels)
    assert read == (parents, depends_on, labels)


@pytest.mark.parametrize(
    "source",
    [
        "revision = make_id()\ndown_revision = None\n",
        "revision = 'a' + suffix\ndown_revision = None\n",
        "revision = 'a'\ndown_revision = newest()\n",
        "revision = 7\ndown_revision = None\n",
        "revision = 'a'\n",
        "if True:\n    revision = 'a'\ndown_revision = None\n",
        "from ids import *\n",
        "from ids import first as revision\n",
    ],
)
def test_value_that_is_not_literal_cannot_be_told(tmp_path: Path, source: str) -> None:
    path = tmp_path / "computed.py"
    path.write_text(source)
    write(tmp_path, "two", "computed")
    history = directory.read([tmp_path])
    assert history.undetermined == (path,)
    assert not history.complete
    assert history.problems == (), "the file that cannot be told may be the parent that looks missing"


def test_file_named_by_its_id_needs_no_variable(tmp_path: Path) -> None:
    (tmp_path / "3d3a87d5e4b1.py").write_text("down_revision = None\n")
    assert [revision.id for revision in directory.read([tmp_path]).revisions] == ["3d3a87d5e4b1"]


def test_sub_folders_are_read_only_when_recursive(tmp_path: Path) -> None:
    write(tmp_path, "one")
    write(tmp_path / "2026", "two", "one")
    assert directory.read([tmp_path]).heads == ("one",)
    assert directory.read([tmp_path], recursive=True).heads == ("two",)


def test_several_folders_make_one_history(tmp_path: Path) -> None:
    write(tmp_path / "a", "one")
    write(tmp_path / "b", "two", "one")
    history = directory.read([tmp_path / "a", tmp_path / "b", tmp_path / "missing"])
    assert history.problems == ()
    assert history.heads == ("two",)


def test_files_that_alembic_ignores_are_ignored(tmp_path: Path) -> None:
    for name in ("__init__.py", ".#one.py", "notes.txt", "one.pyc", "__pycache__/two.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("not python at all (")
    history = directory.read([tmp_path], recursive=True)
    assert (history.revisions, history.problems) == ((), ())


def test_edited_file_is_read_anew(tmp_path: Path) -> None:
    write(tmp_path, "one", name="first.py")
    assert directory.read([tmp_path]).heads == ("one",)
    write(tmp_path, "uno", name="first.py")
    assert directory.read([tmp_path]).heads == ("uno",)


def test_nothing_is_run_or_imported(tmp_path: Path) -> None:
    write(tmp_path, "one", extra="import module_that_does_not_exist\nraise SystemExit\n")
    before = set(sys.modules)
    assert directory.read([tmp_path]).heads == ("one",)
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    ("kind", "files", "expected"),
    [
        (
            "stray-file",
            {"notes.py": "x = 1\n"},
            (
                "notes.py:1 is in the versions folder but sets no `revision`. "
                "Move the file out of the folder, or give it `revision` and `down_revision`."
            ),
        ),
        (
            "syntax-error",
            {"two.py": "revision = 'two'\ndown_revision = 'one'\n\ndef upgrade()\n    pass\n"},
            (
                "two.py:4 is not valid Python: expected ':'. "
                "Correct that line; every revision file is read by every command."
            ),
        ),
        (
            "duplicate-id",
            {"two.py": "revision = 'one'\ndown_revision = None\n"},
            (
                "Revision 'one' exists twice: one.py:6 and two.py:1. "
                "Delete the file that is the copy, or give it an id of its own in `revision`."
            ),
        ),
        (
            "missing-parent",
            {"two.py": "revision = 'two'\ndown_revision = 'gone'\n"},
            (
                "Revision 'two' (two.py:2) follows 'gone', but no file has that id. "
                "Get the file of 'gone' back (`git log --all -S gone --oneline` finds where it went), "
                "or set `down_revision` to a revision that exists."
            ),
        ),
        (
            "cycle",
            {
                "two.py": "revision = 'two'\ndown_revision = 'three'\n",
                "three.py": "revision = 'three'\ndown_revision = 'two'\n",
            },
            (
                "The revisions follow each other in a circle: 'three' → 'two' → 'three' (three.py:2). "
                "Correct the `down_revision` of the one that should come first."
            ),
        ),
        (
            "cycle",
            {"two.py": "revision = 'two'\ndown_revision = 'two'\n"},
            (
                "The revisions follow each other in a circle: 'two' → 'two' (two.py:2). "
                "Correct the `down_revision` of the one that should come first."
            ),
        ),
        (
            "forbidden-character",
            {"two.py": "revision = 'add-user'\ndown_revision = 'one'\n"},
            (
                "The id of revision 'add-user' (two.py:1) contains '-', which has another "
                "meaning on the command line. Use letters, digits and underscores only."
            ),
        ),
    ],
)
def test_broken_history_is_refused_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, files: dict[str, str], expected: str
) -> None:
    write(tmp_path, "one")
    for name, source in files.items():
        (tmp_path / name).write_text(source)
    monkeypatch.chdir(tmp_path)
    history = directory.read([tmp_path])
    assert kind in kinds(history)
    with pytest.raises(HistoryBroken) as refused:
        history.require_sound()
    assert str(refused.value) == expected


def test_several_problems_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("revision = \n")
    both = r"The history has 2 problems: \(1\) .*a\.py:1 .*\(2\) .*b\.py:1 "
    with pytest.raises(HistoryBroken, match=both):
        directory.read([tmp_path]).require_sound()


@pytest.mark.parametrize(
    ("kind", "header", "message"),
    [
        (
            "wrong-header",
            "Change\n\nRevision ID: zwei\nRevises: one\n",
            'The docstring of two.py:1 says "Revision ID: zwei", and `revision` is two.',
        ),
        (
            "wrong-header",
            "Change\n\nRevision ID: two\nRevises: \n",
            'The docstring of two.py:1 says "Revises: nothing", and `down_revision` is one.',
        ),
    ],
)
def test_header_that_disagrees_is_told_but_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, header: str, message: str
) -> None:
    write(tmp_path, "one")
    write(tmp_path, "two", "one", header=header)
    monkeypatch.chdir(tmp_path)
    history = directory.read([tmp_path])
    history.require_sound()
    assert [(problem.kind, problem.found) for problem in history.problems] == [(kind, message)]


def test_long_id_is_told_but_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "x" * 33)
    monkeypatch.chdir(tmp_path)
    history = directory.read([tmp_path])
    history.require_sound()
    assert [(problem.kind, problem.found) for problem in history.problems] == [
        (
            "long-id",
            (
                f"The id of revision '{'x' * 33}' ({'x' * 33}.py:6) has 33 characters, "
                "and the version table holds 32."
            ),
        )
    ]


@pytest.mark.parametrize("header", ["Message", "M\n\nRevises: None\n", "M\n\nRevises: <base>"])
def test_header_that_says_no_parent_agrees_with_none(tmp_path: Path, header: str) -> None:
    write(tmp_path, "one", header=header)
    assert directory.read([tmp_path]).problems == ()


def test_two_heads_are_told_but_not_refused(tmp_path: Path) -> None:
    write(tmp_path, "one")
    write(tmp_path, "two", "one")
    write(tmp_path, "three", "one")
    history = directory.read([tmp_path])
    history.require_sound()
    assert kinds(history) == ["several-heads"]
    assert history.problems[0].found == "The history has 2 heads, 'three' and 'two'."


def test_merge_and_dependency_by_label_are_sound(tmp_path: Path) -> None:
    write(tmp_path, "one", extra="branch_labels = 'base_branch'\n")
    write(tmp_path, "left", "one")
    write(tmp_path, "right", "one", extra="depends_on = 'base_branch'\n")
    (tmp_path / "merge.py").write_text("revision = 'merge'\ndown_revision = ('left', 'right')\n")
    history = directory.read([tmp_path])
    assert history.problems == ()
    assert history.heads == ("merge",)
    assert [revision.id for revision in history.pending(["left"])] == ["merge", "right"]


def test_null_byte_is_a_syntax_error(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_bytes(b"revision = 'one'\0\n")
    assert kinds(directory.read([tmp_path])) == ["syntax-error"]


def test_three_thousand_files_are_read_in_seconds(tmp_path: Path) -> None:
    for number in range(3000):
        write(tmp_path, f"r{number}", f"r{number - 1}" if number else None)
    start = time.perf_counter()
    assert directory.read([tmp_path]).heads == ("r2999",)
    first = time.perf_counter() - start
    assert first < 10, "minutes on a slow machine would mean something quadratic"
