"""`flask db recover`, and `schema.recover()`."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import schema
from tests.schema.conftest import Project, create


@pytest.fixture
def applied(project: Project) -> Project:
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    path = project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    # Whatever a file holds comes back as it was.
    path.write_bytes("\ufeff# Größe\r\n".encode() + path.read_bytes())
    project.flask("db", "upgrade")
    return project


def file(project: Project, revision: str) -> Path:
    return project.folder / "versions" / f"{revision}_.py"


def test_file_comes_back_as_it_was(applied: Project) -> None:
    before = file(applied, "bbb").read_bytes()
    file(applied, "bbb").unlink()
    result = applied.flask("db", "recover", "bbb")
    assert "bbb_.py was written (revision 'bbb')." in result.stdout
    assert file(applied, "bbb").read_bytes() == before
    assert list(file(applied, "bbb").parent.glob(".*")) == []
    applied.flask("db", "downgrade", "base")
    assert applied.version() == []


def test_all_that_is_missing_comes_back(applied: Project) -> None:
    for revision in ("aaa", "bbb"):
        file(applied, revision).unlink()
    applied.flask("db", "recover")
    assert applied.flask("db", "current").stdout.split() == ["bbb", "(head)"]
    assert "Every applied revision has its file." in applied.flask("db", "recover").stdout


def test_revision_in_the_middle_comes_back_where_alembic_can_load_nothing(applied: Project) -> None:
    file(applied, "aaa").unlink()
    applied.flask("db", "recover", "aa")
    applied.flask("db", "verify")


def test_file_that_says_something_else_is_kept(applied: Project) -> None:
    before, other = file(applied, "aaa").read_bytes(), '# mine\nrevision = "aaa"\ndown_revision = None\n'
    file(applied, "aaa").write_text(other)
    result = applied.flask("db", "recover", "aaa", ok=False)
    assert result.exit_code == 1
    assert "flask db recover aaa --force" in result.stderr
    assert file(applied, "aaa").read_text() == other
    applied.flask("db", "recover", "aaa", "--force")
    assert file(applied, "aaa").read_bytes() == before
    assert "says already what was applied" in applied.flask("db", "recover", "aaa").stdout


def test_file_that_was_renamed_is_found_by_its_id(applied: Project) -> None:
    renamed = file(applied, "aaa").with_name("0001_first.py")
    file(applied, "aaa").rename(renamed)
    assert "0001_first.py says already what was applied" in applied.flask("db", "recover", "aaa").stdout
    assert not file(applied, "aaa").exists()


def test_name_that_belongs_to_another_revision_now_is_left_to_it(applied: Project) -> None:
    file(applied, "bbb").unlink()
    file(applied, "bbb").write_text('revision = "other"\ndown_revision = "aaa"\n')
    applied.flask("db", "recover", "bbb", "--force")
    assert 'revision = "other"' in file(applied, "bbb").read_text()
    assert (applied.folder / "versions" / "bbb.py").exists()


def test_unknown_revision_is_refused(applied: Project) -> None:
    result = applied.flask("db", "recover", "xyz", ok=False)
    assert result.exit_code == 2
    assert "No ledger keeps a revision 'xyz'." in result.stderr


@pytest.mark.parametrize("path", ["../../evil.py", "/etc/evil.py", "evil.sh", "..\\..\\evil.py"])
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_database_does_not_say_where_else_to_write(applied: Project, path: str) -> None:
    file(applied, "bbb").unlink()
    applied.rows("CREATE TABLE copy AS SELECT * FROM schema_ledger")
    applied.rows(f"UPDATE copy SET path = '{path}', number = number + 100 WHERE revision = 'bbb'")
    applied.rows("INSERT INTO schema_ledger SELECT * FROM copy WHERE revision = 'bbb'")
    before = set(applied.folder.parent.rglob("*"))
    applied.flask("db", "recover", "bbb")
    new = {it for it in set(applied.folder.parent.rglob("*")) - before if "__pycache__" not in str(it)}
    assert new == {applied.folder / "versions" / "bbb.py"}


def test_revision_that_never_came_to_its_end_is_kept_too(applied: Project) -> None:
    before = applied.revision("ccc", "bbb", upgrade="1 / 0").read_bytes()
    applied.flask("db", "upgrade", ok=False)
    file(applied, "ccc").unlink()
    applied.flask("db", "recover", "ccc")
    assert file(applied, "ccc").read_bytes() == before


def test_recover_from_code(applied: Project) -> None:
    file(applied, "bbb").unlink()
    with applied.app.app_context():
        assert schema.recover() == (file(applied, "bbb"),)
        assert schema.recover() == ()


def test_database_without_a_ledger_keeps_nothing(project: Project) -> None:
    project.revision("aaa")
    assert project.flask("db", "recover", "aaa", ok=False).exit_code == 2
