"""The history on scratch databases: it builds what an upgrade builds, and nobody else notices."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, event, make_url, text

from app.schema.core.schema_difference import compare
from app.schema.core.snapshot import Snapshot
from app.schema.dialects.scratch import NoScratchDatabase, scratch_engine
from app.schema.workflows import replaying
from app.schema.workflows.expected import expected, read_schema
from app.schema.workflows.replaying import NotFromEmpty, Visitor, replay
from app.schema.workflows.target import Target
from tests.databases.servers import Database
from tests.schema import old_env, zoo
from tests.schema.conftest import Project, create

ROOT = Path(__file__).parent.parent.parent.parent
VERSION_TABLE: tuple[str, str | None] = ("alembic_version", None)


@contextmanager
def target(project: Project) -> Iterator[Target]:
    with project.app.app_context():
        yield project.migrate.target()


def scratch_databases(database: Database) -> set[str]:
    """The scratch databases that are on a server now; on SQLite there is none that could be left."""
    queries = {
        "postgresql": "SELECT datname FROM pg_database WHERE datname LIKE 'scratch%'",
        "mariadb": "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'scratch%'",
    }
    if database.engine not in queries:
        return set()
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        return set(connection.scalars(text(queries[database.engine])))


def live_schema(database: Database) -> Snapshot:
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        return read_schema(connection, VERSION_TABLE)


def built(project: Project, *heads: str) -> dict[tuple[str, ...], Snapshot]:
    """What a replay builds, at every revision on the way."""
    found: dict[tuple[str, ...], Snapshot] = {}
    with target(project) as there:
        replay(
            there,
            Visitor(
                lambda _: heads,
                lambda served, now: found.update({now: read_schema(served.scratch, served.version_table)}),
            ),
        )
    return found


def test_every_revision_of_a_rich_history_builds_what_an_upgrade_builds(project: Project) -> None:
    revisions = zoo.write(project)
    snapshots = built(project, revisions[-1])
    for revision in revisions:
        project.flask("db", "upgrade", revision)
        live = live_schema(project.database)
        assert compare(snapshots[(revision,)], live).differences == ()
        assert snapshots[(revision,)] == live
    assert len(snapshots) == len(revisions) + 1


def test_replay_leaves_no_trace(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    project.revision("aaa", upgrade=f"print('seen'); {create('one')}")
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=create("two"))
    before = live_schema(project.database)
    capfd.readouterr()
    snapshots = built(project, "bbb")
    assert set(snapshots[("bbb",)].tables) == {"one", "two"}
    assert capfd.readouterr().err == ""
    assert live_schema(project.database) == before
    assert project.version() == ["aaa"]


@contextmanager
def noted_scratch_databases() -> Iterator[list[str]]:
    """The names of the scratch databases that are made inside the block."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("CREATE DATABASE"):
            made.append(statement.split()[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
@pytest.mark.parametrize("failure", ["pass", "1 / 0", "raise KeyboardInterrupt", "raise SystemExit(7)"])
def test_scratch_database_is_gone_whatever_happens(project: Project, failure: str) -> None:
    project.revision("aaa", upgrade=f"{create('one')}\n    {failure}")
    with noted_scratch_databases() as made, suppress(BaseException):
        built(project, "aaa")
    assert len(made) == 1
    assert scratch_databases(project.database).isdisjoint(made)


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda it: it.name)
def test_scratch_database_is_gone_when_the_process_is_told_to_end(
    project: Project, tmp_path: Path, number: signal.Signals
) -> None:
    started = tmp_path / "started"
    project.revision(
        "aaa",
        upgrade=f"""import pathlib, time
    name = op.get_bind().engine.url.database
    pathlib.Path({str(started)!r}).write_text(name)
    time.sleep(60)""",
    )
    (tmp_path / "wsgi.py").write_text(
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nfrom app.schema import Migrate\n"
        f"app = Flask(__name__)\napp.config['SQLALCHEMY_DATABASE_URI'] = {project.database.url!r}\n"
        "Migrate(app, SQLAlchemy(app))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "stamp", "head"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not (started.exists() and started.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    assert started.read_text() in scratch_databases(project.database)
    process.send_signal(number)
    assert process.wait(30) != 0
    assert started.read_text() not in scratch_databases(project.database)
    assert project.tables() == set()


def test_history_that_does_not_build_from_empty_names_the_revision(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa", upgrade='op.add_column("made_by_hand", sa.Column("a", sa.Integer()))')
    with pytest.raises(NotFromEmpty, match=r"revision 'bbb' cannot run there.*made_by_hand"):
        built(project, "bbb")


def test_project_is_not_told_of_a_replay(make_project: Callable[..., Project], database: Database) -> None:
    told: list[Any] = []
    project = make_project(database, arguments={"on_version_apply": lambda **_: told.append(1)})
    project.revision("aaa", upgrade=create("one"))
    assert list(built(project, "aaa")[("aaa",)].tables) == ["one"]
    assert told == []
    project.flask("db", "upgrade")
    assert told == [1]


SESSION = """from flask import current_app
    current_app.extensions["sqlalchemy"].session.execute(sa.text("{statement}"))
    current_app.extensions["sqlalchemy"].session.commit()"""
ENGINE = """from flask import current_app
    with sa.create_engine(current_app.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool).begin() as mine:
        mine.execute(sa.text("{statement}"))"""


@pytest.mark.parametrize("way", [SESSION, ENGINE], ids=["session", "engine"])
@pytest.mark.parametrize("statement", ["DELETE FROM one", "DROP TABLE one"])
def test_revision_that_writes_past_op_does_not_reach_the_live_database(
    project: Project, way: str, statement: str
) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade")
    project.rows("INSERT INTO one VALUES (7)")
    project.revision("bbb", "aaa", upgrade=way.format(statement=statement))
    with pytest.raises(
        NotFromEmpty, match=r"'bbb' cannot run there\. It writes over a connection of its own to"
    ):
        built(project, "bbb")
    with project.app.app_context():
        project.db.session.remove()
    assert project.rows("SELECT id FROM one") == [(7,)]


def test_revision_may_read_past_op(project: Project) -> None:
    project.revision("aaa", upgrade=ENGINE.format(statement="SELECT 1"))
    assert ("aaa",) in built(project, "aaa")


@pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
@pytest.mark.parametrize(
    "line",
    [
        'op.create_table("new", sa.Column("id", sa.Integer()), schema="{other}")',
        'op.execute("DROP TABLE IF EXISTS `{other}`.kept")',
        'op.execute("DELETE FROM {other}.kept")',
        'op.execute("CREATE TABLE {other} . new (id int)")',
        'op.execute("CREATE INDEX ix ON {other}.kept (id)")',
        'op.execute("INSERT INTO `{other}`.kept VALUES (1)")',
    ],
)
def test_other_database_of_the_server_is_not_reached(
    project: Project, make_database: Callable[[str], Database], line: str
) -> None:
    other = make_database("mariadb")
    project.rows("CREATE TABLE kept (id int)", other)
    name = make_url(other.url).database
    project.revision("aaa", upgrade=line.format(other=name))
    with pytest.raises(NotFromEmpty, match=f"It names another database, '{name}'"):
        built(project, "aaa")
    assert project.tables(other) == {"kept"}


@pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
def test_table_that_is_called_like_another_database_is_not_taken_for_it(
    project: Project, make_database: Callable[[str], Database]
) -> None:
    name = make_url(make_database("mariadb").url).database
    project.revision(
        "aaa",
        upgrade=f"""op.execute("CREATE TABLE `{name}` (id int, a int)")
    op.execute("CREATE TABLE mine (id int, a int)")
    op.execute("UPDATE mine JOIN `{name}` ON `{name}`.id = mine.id SET mine.a = `{name}`.a")
    op.execute("CREATE VIEW both_of_them AS SELECT mine.id FROM mine JOIN `{name}` ON `{name}`.id = mine.id")""",
    )
    assert set(built(project, "aaa")[("aaa",)].tables) == {"mine", name}


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_statement_about_the_whole_server_is_left_out(project: Project) -> None:
    user = f"u{secrets.token_hex(6)}"
    project.revision("aaa", upgrade=f'op.execute("CREATE ROLE {user}")\n    {create("one")}')
    assert list(built(project, "aaa")[("aaa",)].tables) == ["one"]
    catalogue = (
        "pg_roles WHERE rolname" if project.database.engine == "postgresql" else "mysql.user WHERE user"
    )
    assert project.rows(f"SELECT 1 FROM {catalogue} = '{user}'") == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_another_file_is_not_opened(project: Project, tmp_path: Path) -> None:
    project.revision("aaa", upgrade=f"op.execute(\"ATTACH '{tmp_path}/other.db' AS other\")")
    with pytest.raises(NotFromEmpty, match="names another database"):
        built(project, "aaa")
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_schemas_and_extensions_made_by_hand_are_there(project: Project) -> None:
    for statement in ('CREATE SCHEMA "it\'s mine"', "CREATE SCHEMA later", "CREATE EXTENSION citext"):
        project.rows(statement)
    project.revision(
        "aaa",
        upgrade="op.execute('CREATE TABLE \"it\\'s mine\".t (a citext)')\n    op.execute('CREATE SCHEMA later')\n"
        "    op.execute('CREATE TABLE later.t (a int)')",
    )
    assert list(built(project, "aaa")[("aaa",)].tables) == ["it's mine.t", "later.t"]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_search_path_of_the_database_counts(project: Project) -> None:
    name = make_url(project.database.url).database
    project.rows("CREATE SCHEMA shop")
    project.rows(f'ALTER DATABASE "{name}" SET search_path TO shop, public')
    project.rows(f"ALTER DATABASE \"{name}\" SET application_name TO 'it''s %'")
    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade")
    assert project.rows("SELECT 1 FROM shop.one") == []
    assert built(project, "aaa")[("aaa",)] == live_schema(project.database)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_search_path_that_env_py_sets_counts(project: Project) -> None:
    project.rows("CREATE SCHEMA shop")
    env = project.folder / "env.py"
    env.write_text(
        old_env.DATABASE_URI.replace("# connected", "connection.exec_driver_sql('SET search_path = shop')")
    )
    assert "search_path" in env.read_text()
    project.revision("aaa", upgrade=create("one"))
    with target(project) as there:
        found = expected(there, lambda _: ("aaa",))
    [only] = found.values()
    assert list(only.snapshot.tables) == ["one"]


def test_what_the_application_says_when_it_connects_is_said_to_the_scratch_database(project: Project) -> None:
    says = {
        "sqlite": ("PRAGMA foreign_keys = ON", "SELECT foreign_keys FROM pragma_foreign_keys"),
        "postgresql": ("SET search_path = pg_catalog, public", "SHOW search_path"),
        "mariadb": ("SET SESSION sql_mode = 'ANSI_QUOTES'", "SELECT @@sql_mode"),
    }
    said, asked = says[project.database.engine]
    with project.app.app_context():
        engine = project.db.engine

    @event.listens_for(engine, "connect")
    def say(driver: Any, _record: Any) -> None:
        cursor = driver.cursor()
        cursor.execute(said)
        cursor.close()
        driver.commit()

    with engine.connect() as connection:
        there = connection.scalar(text(asked))
    with scratch_engine(engine, lambda _: False) as scratch, scratch.connect() as connection:
        assert connection.scalar(text(asked)) == there
    engine.dispose()


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_engine_that_connects_elsewhere_whatever_it_is_told_is_refused(database: Database) -> None:
    creator: Any = create_engine(database.url, poolclass=NullPool).pool._creator
    stubborn = create_engine(database.url, poolclass=NullPool, creator=creator)
    with pytest.raises(NoScratchDatabase, match="led to"), scratch_engine(stubborn, lambda _: False):
        pass


def test_encoding_and_locale_are_those_of_the_live_database(make_database: Callable[[str], Database]) -> None:
    admin = make_database("postgresql")
    name = f"latin{secrets.token_hex(4)}"
    engine = create_engine(admin.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    asked = text("SELECT encoding, datcollate, datctype FROM pg_database WHERE datname = current_database()")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"))
    try:
        live = create_engine(make_url(admin.url).set(database=name), poolclass=NullPool)
        with live.connect() as connection:
            expected_row = connection.execute(asked).one()
        with scratch_engine(live, lambda _: False) as scratch, scratch.connect() as connection:
            assert connection.execute(asked).one() == expected_row
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
def test_character_set_is_that_of_the_live_database(database: Database) -> None:
    live = create_engine(database.url, poolclass=NullPool)
    with live.connect() as connection:
        name = connection.engine.url.database
        connection.execute(text(f"ALTER DATABASE `{name}` CHARACTER SET latin2 COLLATE latin2_bin"))
    with scratch_engine(live, lambda _: False) as scratch, scratch.connect() as connection:
        assert connection.scalar(text("SELECT @@collation_database")) == "latin2_bin"


def test_several_binds_each_get_what_is_theirs(
    make_project: Callable[..., Project], make_database: Callable[[str], Database], engine_name: str
) -> None:
    database, other = make_database(engine_name), make_database(engine_name)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    project.revision(
        "aaa", arguments="engine_name", upgrade=f"{create('one')} if engine_name else {create('two')}"
    )
    with target(project) as there:
        found = expected(there, lambda _: ("aaa",))
    assert {
        (each.served.bind, str(each.served.url.database), *each.snapshot.tables) for each in found.values()
    } == {("", make_url(database.url).database, "two"), ("other", make_url(other.url).database, "one")}


def test_long_replay_says_how_far_it_is(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.revision("aaa")
    project.revision("bbb", "aaa")
    monkeypatch.setattr(replaying, "_SECONDS_OF_SILENCE", -1.0)
    told: list[str] = []
    with target(project) as there:
        replay(replace(there, tell=told.append), Visitor(lambda _: ["bbb"]))
    assert told == [
        "Replaying the history on a scratch database: 0 of 2 revisions.",
        "Replaying the history on a scratch database: 1 of 2 revisions.",
    ]
