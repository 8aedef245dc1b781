"""What `flask db downgrade` deletes is said first, refused where that is protected, and asked about at a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine

from app import schema
from app.schema.workflows.downgrade_gate import WouldLoseData
from tests.databases.servers import Database
from tests.schema.conftest import Project, create
from tests.schema.shop import Shop

BOOK = 'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", sa.String(200)))'
ADD = 'op.add_column("book", sa.Column("author", sa.String(50)))'
DROP = 'op.drop_column("book", "author")'
ROWS = "INSERT INTO book (id, title, author) VALUES (1, 'a', 'kept'), (2, 'b', NULL), (3, 'c', 'too')"


@pytest.fixture
def make_books(make_project: Callable[..., Project], database: Database) -> Callable[..., Project]:
    """Return a function from settings to a project whose second revision added `book.author`, which holds values."""

    def make(**settings: object) -> Project:
        project = make_project(database, **settings)
        project.revision("aaa", upgrade=BOOK, downgrade='op.drop_table("book")')
        project.revision("bbb", "aaa", upgrade=ADD, downgrade=DROP, message="Add the author")
        project.flask("db", "upgrade")
        project.rows(ROWS)
        return project

    return make


def authors(project: Project) -> list[object]:
    return [row[0] for row in project.rows("SELECT author FROM book ORDER BY id")]


def test_plan_says_what_goes_and_how_much(make_books: Callable[..., Project]) -> None:
    project = make_books()
    said = project.flask("db", "downgrade", "base").stderr
    assert "This takes back 2 revisions, newest first:" in said
    assert said.index("bbb  Add the author") < said.index("aaa  aaa")
    assert "DROP COLUMN author" in said
    assert "DROP TABLE book" in said
    assert "-- deletes 2 values of book.author" in said
    assert "-- deletes 3 rows of book" in said
    assert "Warning: taking back 2 revisions deletes 2 values of book.author and 3 rows of book." in said
    assert said.index("Warning:") < said.index("Running downgrade")
    assert project.version() == []


def test_protected_environment_refuses_and_the_row_is_there(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    result = project.flask("db", "downgrade", ok=False)
    assert result.exit_code == 1
    assert "Taking back 1 revision deletes 2 values of book.author; SCHEMA_PROTECTED is true" in result.stderr
    assert "nothing was changed" in result.stderr
    assert "`flask db downgrade -1 --allow-data-loss`" in result.stderr
    assert authors(project) == ["kept", None, "too"]
    assert project.version() == ["bbb"]
    project.flask("db", "downgrade", "-y", ok=False)
    assert project.version() == ["bbb"]


def test_printed_command_goes_back(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    folder = str(project.folder)
    refused = project.flask("db", "downgrade", "-d", folder, "-x", "a=b c", "--tag", "t", "aaa", ok=False)
    command = f"flask db downgrade --directory {folder} --tag t -x 'a=b c' aaa --allow-data-loss"
    assert f"`{command}`" in refused.stderr
    project.flask("db", "downgrade", "-d", folder, "--tag", "t", "-x", "a=b c", "aaa", "--allow-data-loss")
    assert project.version() == ["aaa"]


def test_empty_tables_and_columns_are_nothing_to_lose(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    project.rows("UPDATE book SET author = NULL")
    said = project.flask("db", "downgrade").stderr
    assert "deletes" not in said
    assert "Warning" not in said
    assert project.version() == ["aaa"]
    project.rows("DELETE FROM book")
    project.flask("db", "downgrade")
    assert project.version() == []


def test_default_alone_is_nothing_to_lose(make_project: Callable[..., Project], database: Database) -> None:
    project = make_project(database, SCHEMA_PROTECTED=True)
    project.revision("aaa", upgrade=BOOK, downgrade='op.drop_table("book")')
    columns = {"kind": "sa.String(9)", "stock": "sa.Integer()", "made": "sa.DateTime()"}
    defaults = {"kind": "'new'", "stock": "0", "made": "CURRENT_TIMESTAMP"}
    parent = "aaa"
    for name, kind in columns.items():
        default = f"server_default=sa.text({defaults[name]!r})"
        add = f'op.add_column("book", sa.Column({name!r}, {kind}, {default}))'
        if (
            name == "made" and database.engine == "sqlite"
        ):  # which adds no column with a default it has to compute
            add = f'op.add_column("book", sa.Column({name!r}, {kind}))'
        project.revision(name, parent, upgrade=add, downgrade=f'op.drop_column("book", {name!r})')
        parent = name
    project.flask("db", "upgrade")
    project.rows("INSERT INTO book (id, title, made) VALUES (1, 'a', '2026-01-02 03:04:05')")
    refused = project.flask("db", "downgrade", "aaa", ok=False).stderr
    assert "deletes 1 value of book.made;" in refused
    project.flask("db", "downgrade", "stock", "--allow-data-loss")
    project.rows("UPDATE book SET kind = 'old'")
    refused = project.flask("db", "downgrade", "aaa", ok=False).stderr
    assert "deletes 1 value of book.kind;" in refused
    project.flask("db", "downgrade", "kind")
    assert project.version() == ["kind"]


def test_database_that_stands_there_already_shows_nothing(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    said = project.flask("db", "downgrade", "bbb").stderr
    assert "takes back" not in said
    assert project.version() == ["bbb"]


def test_sql_neither_asks_nor_counts(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    result = project.flask("db", "downgrade", "--sql")
    assert "DROP COLUMN author" in result.stdout
    assert "deletes" not in result.stderr


def test_function_raises_and_takes_the_argument(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    with project.app.app_context():
        with pytest.raises(WouldLoseData, match="allow_data_loss=True") as caught:
            schema.downgrade()
        assert [str(loss) for loss in caught.value.ways[0].losses] == ["2 values of book.author"]
        assert authors(project) == ["kept", None, "too"]
        assert schema.downgrade(allow_data_loss=True) == ("bbb",)
    assert project.version() == ["aaa"]


def test_function_warns_where_nothing_is_protected(
    make_books: Callable[..., Project], caplog: pytest.LogCaptureFixture
) -> None:
    project = make_books()
    with project.app.app_context():
        assert schema.downgrade() == ("bbb",)
    assert "taking back 1 revision deletes 2 values of book.author" in caplog.text


def test_function_of_flask_migrate_is_stopped_in_its_own_way(
    make_books: Callable[..., Project], caplog: pytest.LogCaptureFixture
) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    with project.app.app_context(), pytest.raises(SystemExit):
        flask_migrate.downgrade(revision="base")
    assert "`flask db downgrade base --allow-data-loss`" in caplog.text
    assert authors(project) == ["kept", None, "too"]
    assert project.version() == ["bbb"]


def test_function_of_flask_migrate_warns_where_nothing_is_protected(
    make_books: Callable[..., Project], caplog: pytest.LogCaptureFixture
) -> None:
    project = make_books()
    with project.app.app_context():
        flask_migrate.downgrade()
    assert "taking back 1 revision deletes 2 values of book.author" in caplog.text
    assert project.version() == ["aaa"]


def test_uncommitted_rows_of_the_caller_count(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    with project.app.app_context():
        engine = create_engine(project.database.url, poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text("UPDATE book SET author = 'mine'"))
            config = project.migrate.get_config()
            config.attributes["connection"] = connection
            from alembic import command

            with pytest.raises(Exception, match=r"deletes 3 values of book\.author"):
                command.downgrade(config, "-1")
            connection.commit()
    assert authors(project) == ["mine", "mine", "mine"]


def test_what_cannot_be_told_stops_a_protected_environment_only(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database, SCHEMA_PROTECTED=True)
    opaque = 'next(iter(op.get_bind().execute(sa.text("SELECT 1")))) and None'
    project.revision("aaa", upgrade=create("one"), downgrade=opaque)
    project.flask("db", "upgrade")
    refused = project.flask("db", "downgrade", ok=False)
    assert refused.exit_code == 1
    assert "cannot tell what this deletes" in refused.stderr
    assert "Nobody can tell what downgrade() of 'aaa' deletes; SCHEMA_PROTECTED is true" in refused.stderr
    assert project.version() == ["aaa"]
    project.app.config["SCHEMA_PROTECTED"] = False
    project.flask("db", "downgrade")
    assert project.version() == []


def test_downgrade_that_does_nothing_is_named(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database)
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa")
    project.flask("db", "upgrade")
    said = project.flask("db", "downgrade", "base").stderr
    after_aaa = said.partition("aaa  aaa\n")[2]
    assert after_aaa.startswith("    -- downgrade() does nothing: what upgrade() changed stays")
    assert "bbb  bbb\n    -- changes nothing" in said


@pytest.mark.parametrize(
    "refusal",
    [
        'raise NotImplementedError("the names would be lost")',
        'raise RuntimeError("the names would be lost")',
    ],
)
def test_way_that_stops_half_way_says_so_first(make_books: Callable[..., Project], refusal: str) -> None:
    project = make_books()
    project.revision("bbb", "aaa", upgrade=ADD, downgrade=refusal)
    project.revision("ccc", "bbb", upgrade=create("two"), downgrade='op.drop_table("two")')
    project.flask("db", "upgrade")
    result = project.flask("db", "downgrade", "base", ok=False)
    assert result.exit_code == 1
    stop = "This will stop at bbb with an error; 1 revision will have been taken back by then."
    assert stop in result.stderr
    assert "-- cannot be taken back: it raises" in result.stderr
    assert result.stderr.index(stop) < result.stderr.index("Running downgrade")
    # Nothing behind the stop is deleted, so that there is nothing to warn of.
    assert "Warning" not in result.stderr
    assert project.version() == ["bbb"]
    assert authors(project) == ["kept", None, "too"]


def test_revision_without_downgrade_is_named(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database)
    path = project.revision("aaa", upgrade=create("one"))
    path.write_text(path.read_text().partition("def downgrade")[0])
    project.flask("db", "upgrade")
    result = project.flask("db", "downgrade", ok=False)
    assert result.exit_code == 1
    assert "aaa_.py has no function downgrade(); nothing was taken back." in result.stderr
    assert project.version() == ["aaa"]


def test_branches_are_looked_at_together(make_project: Callable[..., Project], database: Database) -> None:
    project = make_project(database, SCHEMA_PROTECTED=True)
    project.revision("aaa")
    project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    project.revision("ccc", "aaa", upgrade=create("three"), downgrade='op.drop_table("three")')
    project.flask("db", "upgrade", "heads")
    project.rows("INSERT INTO two (id) VALUES (1)")
    project.rows("INSERT INTO three (id) VALUES (1), (2)")
    refused = project.flask("db", "downgrade", "base", ok=False).stderr
    assert "1 row of two" in refused
    assert "2 rows of three" in refused
    assert set(project.version()) == {"bbb", "ccc"}


@pytest.mark.parametrize("multidb", ["ours", "flask-migrate"])
def test_every_bind_is_looked_at_before_the_first_is_changed(
    make_project: Callable[..., Project],
    make_database: Callable[[str], Database],
    database: Database,
    engine_name: str,
    multidb: str,
) -> None:
    other = make_database(engine_name)
    binds = {"other": other.url}
    project = make_project(database, init=("--multidb",), SCHEMA_PROTECTED=True, SQLALCHEMY_BINDS=binds)
    if multidb == "ours":
        up, down = (f'{{"": lambda: {a}, "other": lambda: {b}}}[engine_name]()' for a, b in _IN_BINDS)
    else:
        up, down = (
            f'globals()["{name}_%s" % engine_name]()\n\n\ndef {name}_():\n    {a}\n\n\ndef {name}_other():\n    {b}'
            for name, (a, b) in zip(("upgrade", "downgrade"), _IN_BINDS, strict=True)
        )
    project.revision("aaa", upgrade=up, downgrade=down, arguments="engine_name")
    project.flask("db", "upgrade")
    project.rows("INSERT INTO there (id) VALUES (1), (2)", other)
    refused = project.flask("db", "downgrade", ok=False).stderr
    assert "Taking back 1 revision deletes 2 rows of there in the bind 'other'; SCHEMA_PROTECTED" in refused
    assert refused.count("This takes back 1 revision") == 2
    assert project.version() == project.version(other) == ["aaa"]
    assert "here" in project.tables()
    project.flask("db", "downgrade", "--allow-data-loss")
    assert project.version() == project.version(other) == []
    assert "there" not in project.tables(other)


_IN_BINDS = ((create("here"), create("there")), ('op.drop_table("here")', 'op.drop_table("there")'))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> Shop:
    """A project in a folder of its own, whose newest revision added a column that holds values."""
    shop = Shop(tmp_path / "shop", monkeypatch, database.url)
    shop.revision(
        "aaaa3333",
        "aaaa2222",
        'op.create_table("note", sa.Column("text", sa.String(9)))',
        down='op.drop_table("note")',
    )
    shop.succeed("upgrade")
    shop.sql("INSERT INTO note (text) VALUES ('a'), ('b')")
    return shop


def at_a_terminal(
    shop: Shop, typed: bytes, *arguments: str, meanwhile: tuple[str, ...] = ()
) -> tuple[int, str]:
    """Run `flask db downgrade` where stdin, stdout and stderr are a terminal, and type an answer to the question.

    :param meanwhile: SQL that somebody else runs while the question stands.
    :return: the exit code, and everything on the screen.
    """
    root = Path(__file__).parents[3]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "main", "db", "downgrade", *arguments],
        cwd=shop.folder,
        env={**os.environ, "PYTHONPATH": str(root), "DATABASE_URL": shop.url},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal
    )
    os.close(theirs)
    screen = b""
    try:
        while chunk := _read(ours):
            screen += chunk
            if typed and b"[y/N]" in screen:
                shop.sql(*meanwhile)
                os.write(ours, typed)
                typed = b""
    finally:
        os.close(ours)
        process.wait()
    return process.returncode, screen.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed (Linux: EIO)
        return b""


@pytest.mark.parametrize("typed", [b"n\n", b"\n", b"\x04", b"\x03"])
def test_terminal_is_asked_and_no_keeps_everything(shop: Shop, typed: bytes) -> None:
    code, screen = at_a_terminal(shop, typed)
    assert "Take back 1 revision? This deletes 2 rows of note [y/N]" in screen
    assert screen.index("DROP TABLE note") < screen.index("Take back 1 revision?")
    assert code == 1
    assert "Nothing was taken back." in screen
    assert shop.sql("SELECT text FROM note ORDER BY text") == [("a",), ("b",)]
    assert shop.sql("SELECT version_num FROM alembic_version") == [("aaaa3333",)]


def test_terminal_is_asked_and_yes_goes_back(shop: Shop) -> None:
    code, screen = at_a_terminal(shop, b"y\n")
    assert code == 0, screen
    assert screen.count("[y/N]") == 1
    assert shop.sql("SELECT version_num FROM alembic_version") == [("aaaa2222",)]


@pytest.mark.parametrize("option", ["--yes", "-y", "--allow-data-loss"])
def test_option_answers_the_question(shop: Shop, option: str) -> None:
    code, screen = at_a_terminal(shop, b"", option)
    assert code == 0, screen
    assert "[y/N]" not in screen
    assert "-- deletes 2 rows of note" in screen
    assert shop.sql("SELECT version_num FROM alembic_version") == [("aaaa2222",)]


def test_terminal_is_not_asked_where_nothing_is_lost(shop: Shop) -> None:
    shop.sql("DELETE FROM note")
    code, screen = at_a_terminal(shop, b"")
    assert code == 0, screen
    assert "[y/N]" not in screen


def test_nobody_is_kept_waiting_while_the_question_stands(shop: Shop) -> None:
    changes = ("INSERT INTO note (text) VALUES ('c')", "ALTER TABLE note ADD COLUMN more INTEGER")
    code, _ = at_a_terminal(shop, b"n\n", meanwhile=changes)
    assert code == 1
    assert shop.sql("SELECT count(*), count(more) FROM note") == [(3, 0)]


def test_downgrade_that_failed_half_way_goes_on_with_the_same_command(
    make_books: Callable[..., Project], database: Database
) -> None:
    project = make_books()
    more = 'op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True))'
    back = 'op.drop_column("book", "title"); op.drop_table("shelf")'
    project.revision("ccc", "bbb", upgrade=more, downgrade=back)
    project.flask("db", "upgrade")
    project.rows("CREATE VIEW reader AS SELECT id FROM shelf")
    if database.engine != "postgresql":  # which alone keeps a table that a view needs
        project.rows("DROP VIEW reader")
        project.rows("ALTER TABLE shelf RENAME TO away")
    failed = project.flask("db", "downgrade", ok=False)
    assert failed.exit_code == 1
    assert "-- deletes 3 values of book.title" in failed.stderr
    assert project.version() == ["ccc"]
    kept = [
        column["name"]
        for column in sa.inspect(create_engine(database.url, poolclass=NullPool)).get_columns("book")
    ]
    assert ("title" in kept) is (database.engine != "mariadb")

    if database.engine == "postgresql":
        project.rows("DROP VIEW reader")
    else:
        project.rows("ALTER TABLE away RENAME TO shelf")
    again = project.flask("db", "downgrade").stderr
    # What is gone already is not announced again.
    assert ("deletes 3 values of book.title" in again) is (database.engine != "mariadb")
    assert project.version() == ["bbb"]
    assert "shelf" not in project.tables()
    assert authors(project) == ["kept", None, "too"]
    rest = "resume" if database.engine == "mariadb" else "downgrade"
    assert ledger(project, "ccc") == [("upgrade", "done"), ("downgrade", "failed"), (rest, "done")]


def test_ledger_says_who_allowed_it(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    project.flask("db", "downgrade", "--allow-data-loss")
    assert ledger(project, "bbb") == [("upgrade", "done"), ("downgrade", "done")]
    assert project.rows("SELECT note FROM schema_ledger WHERE kind = 'downgrade'")[-1] == (
        "data loss was allowed",
    )


def test_refused_downgrade_leaves_no_line_in_the_ledger(make_books: Callable[..., Project]) -> None:
    project = make_books(SCHEMA_PROTECTED=True)
    before = project.rows("SELECT count(*) FROM schema_ledger")
    project.flask("db", "downgrade", ok=False)
    assert project.rows("SELECT count(*) FROM schema_ledger") == before


def ledger(project: Project, revision: str) -> list[tuple[str, str]]:
    """What the ledger tells of a revision: the kind of each entry and how it ended, what began it left out."""
    entries = f"SELECT kind, result FROM schema_ledger WHERE revision = '{revision}' ORDER BY number"
    return [(kind, result) for kind, result in project.rows(entries) if result != "started"]
