"""`flask db adopt` finds the revision that a schema fits, says what does not fit, and stamps when somebody agrees."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine

from tests.databases.servers import Database
from tests.schema import zoo
from tests.schema.conftest import Project, create

ROOT = Path(__file__).parents[3]
AUTHOR = (
    'op.create_table("author", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(9)))'
)
BOOK = (
    'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("author_id", sa.Integer(), '
    'sa.ForeignKey("author.id", name="fk_book_author")))'
)
TITLE = 'op.add_column("book", sa.Column("title", sa.String(50)))'
INDEX = 'op.create_index("ix_book_title", "book", ["title"], unique=True)'
REVISIONS = {"r1": AUTHOR, "r2": BOOK, "r3": TITLE, "r4": INDEX}


@pytest.fixture
def library(project: Project) -> Project:
    """A project with four revisions, on an empty database."""
    parent = None
    for revision, body in REVISIONS.items():
        project.revision(revision, parent, upgrade=body, message=f"Step {revision}")
        parent = revision
    return project


def create_all(database: Database, stage: int, *more: sa.Table, name: int = 9) -> None:
    """Make the tables as the models were when the revision of a stage was the last one."""
    metadata = sa.MetaData()
    sa.Table(
        "author", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(name))
    )
    if stage > 1:
        key = sa.ForeignKey("author.id", name="fk_book_author")
        book = sa.Table("book", metadata, sa.Column("author_id", sa.Integer, key))
        if stage > 2:
            book.append_column(sa.Column("title", sa.String(50)))
        if stage > 3:
            sa.Index("ix_book_title", book.c.title, unique=True)
        # Models do not have their columns in the order in which revisions added them.
        book.append_column(sa.Column("id", sa.Integer, primary_key=True))
    for table in more:
        table.to_metadata(metadata)
    metadata.create_all(create_engine(database.url, poolclass=NullPool))


def extra(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))


def shown(project: Project, *arguments: str, code: int = 1) -> str:
    """Run adopt where nobody can answer, hold it to having stamped nothing, and return what was printed."""
    before = project.tables()
    result = project.flask("db", "adopt", *arguments, ok=False)
    assert result.exit_code == code, result.output
    assert project.tables() == before
    return result.stdout


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_database_of_create_all_is_found_and_goes_on_from_there(library: Project, stage: int) -> None:
    create_all(library.database, stage)
    exact = f"The schema is exactly what the history builds up to revision 'r{stage}' (Step r{stage}).\n"
    assert shown(library) == exact
    assert "alembic_version" not in library.tables()
    result = library.flask("db", "adopt", "--yes")
    assert result.stdout == exact
    assert result.stderr.endswith(f"Stamped r{stage}.\n")
    assert library.version() == [f"r{stage}"]
    library.flask("db", "upgrade")
    assert library.rows("SELECT id, title FROM book") == []
    ledger = "SELECT DISTINCT note FROM schema_ledger WHERE kind = 'stamp'"
    assert library.rows(ledger) == [(None,)]


def test_rich_history_is_found_at_each_of_its_ends(project: Project) -> None:
    revisions = zoo.write(project)
    for revision in (revisions[4], revisions[11], revisions[-1]):
        project.flask("db", "upgrade", revision)
        project.flask("db", "stamp", "base")
        project.rows("DELETE FROM alembic_version")
        assert f"exactly what the history builds up to revision '{revision}'" in shown(project)
        project.flask("db", "stamp", "--force", revision)


def test_of_revisions_that_change_no_schema_the_latest_is_proposed(library: Project) -> None:
    library.revision("r5", "r4", upgrade="op.execute(\"UPDATE book SET title = 'x'\")", message="Fill")
    library.revision("r6", "r5", message="Nothing")
    library.revision("r7", "r6", upgrade=create("later"))
    create_all(library.database, 4)
    said = shown(library)
    assert "exactly what the history builds up to revision 'r6' (Nothing)." in said
    assert "Revision 'r4' and 'r5' fits as well; the latest is proposed." in said


def test_what_is_left_over_is_shown_and_stamped_with_a_note(library: Project) -> None:
    create_all(library.database, 3, name=12)
    said = shown(library)
    assert "The schema fits revision 'r3' (Step r3) best: 1 difference.\nauthor\n  column n: type is " in said
    assert "(12), expected " in said
    library.flask("db", "adopt", "--yes")
    assert library.version() == ["r3"]
    notes = library.rows("SELECT DISTINCT note FROM schema_ledger WHERE kind = 'stamp'")
    assert notes == [("forced: 1 difference",)]


def test_tables_of_create_all_are_explained(library: Project) -> None:
    library.revision("r5", "r4", upgrade=create("later"))
    library.revision("r6", "r5", upgrade=create("other"))
    sa.Table("modelled", library.db.metadata, sa.Column("id", sa.Integer, primary_key=True))
    create_all(library.database, 2, extra("later"), extra("modelled"), extra("stranger"))
    library.rows("CREATE TABLE other (a integer)")
    said = " ".join(shown(library).split())
    assert "fits revision 'r2' (Step r2) best: 2 differences." in said
    ahead = "an upgrade would fail there because it exists"
    assert f"table later: revision 'r5' makes it, and {ahead}; it is as that revision makes it." in said
    assert f"table other: revision 'r6' makes it, and {ahead}; it is not as that revision makes it." in said
    assert "table modelled: a model has it and no revision makes it. `db.create_all()` made it here" in said
    assert "Not compared, because no revision knows it: table modelled, table stranger." in said
    assert "table stranger:" not in said


def test_database_that_has_a_version_is_compared_with_it(library: Project) -> None:
    library.flask("db", "upgrade", "r3")
    matches = shown(library, code=0)
    assert matches == (
        "The database stands at revision 'r3' (Step r3), and its schema is what the history builds up to it.\n"
    )
    library.rows("CREATE INDEX ix_by_hand ON book (title)")
    said = shown(library, "--yes")
    assert "and its schema is not what the history builds up to it: 1 difference." in said
    assert "  index ix_by_hand is not expected: (title)\n" in said
    assert library.version() == ["r3"]


def test_revision_that_nobody_knows_is_forgotten(library: Project) -> None:
    library.flask("db", "upgrade", "r3")
    library.rows("UPDATE alembic_version SET version_num = 'squashed'")
    library.flask("db", "adopt", "--yes")
    assert library.version() == ["r3"]


def test_revision_can_be_named(library: Project) -> None:
    create_all(library.database, 3)
    said = shown(library, "--rev", "r2")
    assert "The schema is not what the history builds up to revision 'r2' (Step r2): 1 difference." in said
    assert "  column title is not expected: " in said
    library.flask("db", "adopt", "--rev", "r3", "--yes")
    assert library.version() == ["r3"]
    assert library.flask("db", "adopt", "--rev", "nowhere", ok=False).exit_code == 2
    assert library.flask("db", "adopt", "--rev", "base", ok=False).exit_code == 2


def test_empty_database_has_nothing_to_adopt(library: Project) -> None:
    library.rows("CREATE TABLE stranger (id integer)")
    said = shown(library, "--yes")
    assert said == "There is nothing in the database that this history makes: `flask db upgrade` builds it.\n"
    assert "alembic_version" not in library.tables()


def test_proposal_can_be_read_by_programs(library: Project) -> None:
    create_all(library.database, 2, extra("stranger"))
    found = json.loads(shown(library, "--format", "json"))
    assert found["revisions"] == ["r2"]
    assert found["exact"] is True
    [database] = found["databases"]
    assert database["differences"] == []
    assert database["strangers"] == ["table stranger"]


def test_history_that_stops_half_way_is_compared_as_far_as_it_goes(library: Project) -> None:
    library.revision("r5", "r4", upgrade='op.add_column("by_hand", sa.Column("a", sa.Integer()))')
    create_all(library.database, 3)
    said = shown(library)
    assert "exactly what the history builds up to revision 'r3'" in said
    assert "Later revisions could not be compared." in said
    assert "revision 'r5' cannot run there." in said


def test_history_of_which_nothing_runs_is_refused(project: Project) -> None:
    project.revision("aaa", upgrade="1 / 0")
    result = project.flask("db", "adopt", ok=False)
    assert result.exit_code == 1
    assert (
        "The history does not build on an empty database: revision 'aaa' cannot run there." in result.stderr
    )


def test_branches_are_adopted_together(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa", upgrade=create("two"))
    project.revision("ccc", "aaa", upgrade=create("three"))
    project.flask("db", "upgrade", "heads")
    project.rows("DELETE FROM alembic_version")
    project.flask("db", "adopt", "--yes")
    assert sorted(project.version()) == ["bbb", "ccc"]


def test_each_bind_is_shown_and_all_are_stamped(
    make_project: Callable[..., Project], make_database: Callable[[str], Database], engine_name: str
) -> None:
    database, other = make_database(engine_name), make_database(engine_name)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    first = f"{create('one')} if engine_name else {create('two')}"
    second = f"{create('three')} if engine_name else None"
    project.revision("aaa", upgrade=first, arguments="engine_name")
    project.revision("bbb", "aaa", upgrade=second, arguments="engine_name")
    project.flask("db", "upgrade")
    for each in (database, other):
        project.rows("DELETE FROM alembic_version", each)
    project.rows("ALTER TABLE one ADD COLUMN more integer", other)
    said = shown(project)
    assert "fits revision 'bbb' (bbb) best: 1 difference.\n\nThe bind 'other':\none\n  column more" in said
    project.flask("db", "adopt", "--yes")
    assert project.version() == project.version(other) == ["bbb"]


@pytest.mark.parametrize(
    ("answer", "code", "stamped"), [(b"y\n", 0, True), (b"n\n", 1, False), (b"\x04", 1, False)]
)
def test_somebody_at_a_terminal_is_asked(
    library: Project, tmp_path: Path, answer: bytes, code: int, *, stamped: bool
) -> None:
    create_all(library.database, 3)
    (tmp_path / "wsgi.py").write_text(
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nfrom app.schema import Migrate\n"
        f"app = Flask(__name__)\napp.config['SQLALCHEMY_DATABASE_URI'] = {library.database.url!r}\n"
        "Migrate(app, SQLAlchemy(app))\n"
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "adopt"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    screen = read_until(ours, b"[y/N]")
    assert b"Stamp r3? [y/N]" in screen
    os.write(ours, answer)
    read_until(ours, b"nothing ends like this")
    os.close(ours)
    assert process.wait(60) == code
    assert ("alembic_version" in library.tables()) is stamped


def read_until(terminal: int, words: bytes) -> bytes:
    """What a terminal shows up to some words, or until it is closed."""
    screen = b""
    while words not in screen:
        try:
            chunk: Any = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other side has closed it
            break
        if not chunk:
            break
        screen += chunk
    return screen
