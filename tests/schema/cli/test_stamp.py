"""A stamp tells the truth: the schema is there, or the stamp is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.command
import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy import NullPool, create_engine, event

from tests.databases.servers import Database
from tests.schema import old_env, zoo
from tests.schema.conftest import Project, create

USER = """op.create_table("user", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(50), nullable=False), sa.UniqueConstraint("email", name="uq_user_email"))
    op.create_index("ix_user_email", "user", ["email"])"""


def create_all(database: Database, **email: Any) -> None:
    """Make the table of the revision `USER` the way an application does that has no migrations."""
    metadata = sa.MetaData()
    sa.Table(
        "user",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", **{"type_": sa.String(50), "nullable": False, "index": True, **email}),
        sa.UniqueConstraint("email", name="uq_user_email"),
    )
    engine = create_engine(database.url, poolclass=NullPool)
    metadata.create_all(engine)


def ledger(project: Project) -> set[tuple[str, str | None]]:
    """The revisions that were stamped, with the note beside them."""
    return set(project.rows("SELECT revision, note FROM schema_ledger WHERE kind = 'stamp'"))


def refused(project: Project, *arguments: str) -> str:
    """Stamp, hold it to exit code 1 and to have changed nothing, and return what was said."""
    before = project.tables(), "alembic_version" in project.tables() and project.version()
    result = project.flask("db", "stamp", *arguments, ok=False)
    assert result.exit_code == 1, result.output
    assert (project.tables(), "alembic_version" in project.tables() and project.version()) == before
    assert result.stdout == ""
    return result.stderr


@pytest.fixture
def users(project: Project) -> Project:
    """A project whose first revision makes a table and whose second adds a column."""
    project.revision("aaa", upgrade=USER, downgrade='op.drop_table("user")')
    project.revision("bbb", "aaa", upgrade='op.add_column("user", sa.Column("name", sa.String(20)))')
    return project


def test_schema_that_create_all_made_is_stamped(users: Project) -> None:
    create_all(users.database)
    result = users.flask("db", "stamp", "aaa")
    assert "table" not in result.output
    assert users.version() == ["aaa"]
    users.flask("db", "upgrade")
    assert (
        users.rows(
            'SELECT name FROM "user"' if users.database.engine != "mariadb" else "SELECT name FROM user"
        )
        == []
    )


def test_empty_database_is_not_at_head(users: Project) -> None:
    said = refused(users, "head")
    assert "user\n  table user is missing: (email, id, name)\n" in said
    assert (
        "The schema is not what the history builds up to revision 'bbb': 1 difference. Nothing was changed."
        in said
    )
    assert "`flask db adopt`" in said
    assert "`flask db stamp --force bbb`" in said
    assert users.tables() == set()


def test_difference_is_printed_and_nothing_is_stamped(users: Project) -> None:
    create_all(users.database, type_=sa.String(70), nullable=True, index=False)
    said = refused(users, "aaa")
    for line in (
        r"user$",
        r"  column email: type is .*\(70\), expected .*\(50\)$",
        r"  column email: nullability is NULL, expected NOT NULL$",
        r"  index ix_user_email is missing: \(email\)$",
    ):
        assert re.search(f"^{line}", said, re.MULTILINE | re.IGNORECASE), (line, said)
    assert said.count("user\n") == 1
    assert "3 differences" in said


def test_table_of_a_later_revision_is_a_difference(users: Project) -> None:
    users.revision("ccc", "bbb", upgrade=create("later"))
    users.revision("ddd", "ccc", upgrade='op.drop_table("later")')
    create_all(users.database)
    users.rows("CREATE TABLE later (id integer)")
    assert "table later is not expected: (id)" in refused(users, "aaa")


def test_table_that_no_revision_knows_is_named_and_left_alone(users: Project) -> None:
    create_all(users.database)
    users.rows("CREATE TABLE spatial_ref_sys (id integer)")
    users.rows("CREATE VIEW report AS SELECT id FROM spatial_ref_sys")
    result = users.flask("db", "stamp", "aaa")
    assert (
        "Not compared, because no revision knows it: table spatial_ref_sys, view report.\n" in result.stderr
    )
    assert users.version() == ["aaa"]


def test_force_stamps_a_schema_that_differs_and_shows_how(users: Project) -> None:
    result = users.flask("db", "stamp", "--force", "head")
    assert "table user is missing" in result.stderr
    assert users.version() == ["bbb"]
    assert ledger(users) == {("aaa", "forced: 1 difference"), ("bbb", "forced: 1 difference")}


def test_ledger_says_nothing_of_force_where_nothing_differs(users: Project) -> None:
    create_all(users.database)
    users.flask("db", "stamp", "--force", "aaa")
    assert ledger(users) == {("aaa", None)}


def test_long_list_of_differences_is_cut(project: Project) -> None:
    tables = "\n    ".join(create(f"t{number:02}") for number in range(70))
    project.revision("aaa", upgrade=tables)
    said = refused(project, "head")
    assert said.count("is missing") == 60
    assert "… and 10 more differences\n" in said


def test_nothing_is_compared_where_nothing_is_stamped(users: Project) -> None:
    users.flask("db", "upgrade", "aaa")
    users.rows("CREATE TABLE later (id integer)")
    users.revision("aaa", upgrade="1 / 0")
    users.flask("db", "stamp", "aaa")
    assert users.version() == ["aaa"]


def test_base_claims_nothing(users: Project) -> None:
    users.flask("db", "upgrade")
    users.flask("db", "stamp", "base")
    assert users.version() == []


def test_stamp_takes_several_revisions(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa", upgrade=create("two"))
    project.revision("ccc", "aaa", upgrade=create("three"))
    project.flask("db", "upgrade", "bbb")
    assert "table three is missing: (id)" in refused(project, "bbb", "ccc")
    assert "table three is missing: (id)" in refused(project, "ccc")
    project.rows("CREATE TABLE three (id integer PRIMARY KEY NOT NULL)")
    if project.database.engine == "postgresql":
        project.rows("ALTER TABLE three ALTER id ADD GENERATED BY DEFAULT AS IDENTITY")
        assert "column id: numbering is identity by default, expected serial" in refused(project, "ccc")
        project.rows("DROP TABLE three")
        project.rows("CREATE TABLE three (id serial PRIMARY KEY)")
    if project.database.engine == "mariadb":
        project.rows("ALTER TABLE three MODIFY id integer NOT NULL AUTO_INCREMENT")
    project.flask("db", "stamp", "heads")
    assert sorted(project.version()) == ["bbb", "ccc"]


def test_stamp_purge_forgets_a_revision_that_nobody_knows(project: Project) -> None:
    path = project.revision("aaa")
    project.flask("db", "upgrade")
    path.unlink()
    project.revision("bbb")
    assert project.flask("db", "stamp", "head", ok=False).exit_code == 4
    project.flask("db", "stamp", "--purge", "head")
    assert project.version() == ["bbb"]


def test_stamp_purge_is_refused_too_and_forgets_nothing(users: Project) -> None:
    users.flask("db", "upgrade")
    users.rows("DELETE FROM alembic_version")
    users.rows("INSERT INTO alembic_version VALUES ('unknown')")
    users.rows("INSERT INTO alembic_version VALUES ('another')")
    assert "column name is not expected" in refused(users, "--purge", "aaa")
    assert sorted(users.version()) == ["another", "unknown"]
    users.flask("db", "stamp", "--purge", "head")
    assert users.version() == ["bbb"]


def test_stamp_can_be_written_as_sql(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa")
    result = project.flask("db", "stamp", "--sql", "aaa:bbb")
    assert "SET version_num='bbb'" in result.stdout
    result = project.flask("db", "stamp", "--sql", "aaa:bbb", "bbb:aaa", ok=False)
    assert result.exit_code == 2


def test_rich_history_is_stamped_at_head_and_refused_below(project: Project) -> None:
    revisions = zoo.write(project)
    project.flask("db", "upgrade")
    project.flask("db", "stamp", "base")
    project.flask("db", "stamp", "head")
    assert project.version() == revisions[-1:]
    assert "differences" in refused(project, revisions[3])


def test_history_that_does_not_build_from_empty_is_refused_without_force(project: Project) -> None:
    project.rows("CREATE TABLE by_hand (id integer)")
    project.revision("aaa", upgrade='op.add_column("by_hand", sa.Column("a", sa.Integer()))')
    said = refused(project, "head")
    assert (
        "The schema could not be compared with what the history builds, so that nothing was stamped." in said
    )
    assert "The history does not build on an empty database: revision 'aaa' cannot run there." in said
    assert "by_hand" in said
    assert "`flask db stamp --force head`" in said
    assert "The schema was not verified." in project.flask("db", "stamp", "--force", "head").stderr
    assert project.version() == ["aaa"]
    assert ledger(project) == {("aaa", "forced: not verified")}


@pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")
@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 3 calls fileConfig")
@pytest.mark.parametrize("env", ["", *old_env.SINGLE])
def test_alembic_and_flask_migrate_are_refused_too(users: Project, env: str) -> None:
    if env:
        (users.folder / "env.py").write_text(old_env.SINGLE[env])
    with users.app.app_context():
        with pytest.raises(
            CommandError, match=r"up to revision 'aaa': 1 difference .user: table user is missing"
        ):
            alembic.command.stamp(users.migrate.get_config(), "aaa")
        with pytest.raises(SystemExit):
            flask_migrate.stamp(revision="aaa")
        assert users.tables() == set()
        create_all(users.database)
        alembic.command.stamp(users.migrate.get_config(), "aaa")
        assert users.version() == ["aaa"]
        flask_migrate.stamp(revision="base")
        flask_migrate.stamp(revision="aaa")
    assert users.version() == ["aaa"]


def test_each_bind_is_compared_with_what_is_its_own(
    make_project: Callable[..., Project], make_database: Callable[[str], Database], engine_name: str
) -> None:
    database, other = make_database(engine_name), make_database(engine_name)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    body = f"{create('one')} if engine_name else {create('two')}"
    project.revision("aaa", upgrade=body, arguments="engine_name")
    project.flask("db", "upgrade")
    project.flask("db", "stamp", "base")
    project.flask("db", "stamp", "head")
    assert project.version() == project.version(other) == ["aaa"]
    project.flask("db", "stamp", "base")
    project.rows("DROP TABLE one", other)
    said = refused(project, "head")
    assert "table one is missing: (id)" in said
    assert "The schema of the bind 'other' is not what the history builds" in said
    assert project.version() == project.version(other) == []


def test_schema_that_changes_while_it_is_compared_is_refused(users: Project, tmp_path: Path) -> None:
    """The last look is under the lock: `env.py` runs once for the comparison, and once for the stamp."""
    create_all(users.database)
    env = users.folder / "env.py"
    change = f"""
import pathlib, sqlalchemy
seen = pathlib.Path({str(tmp_path / "seen")!r})
if seen.exists():
    with sqlalchemy.create_engine({users.database.url!r}, poolclass=sqlalchemy.NullPool).begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_user_email{" ON user" if users.database.engine == "mariadb" else ""}")
seen.touch()
"""
    env.write_text(change + env.read_text())
    result = users.flask("db", "stamp", "aaa", ok=False)
    assert result.exit_code == 1
    assert "1 difference" in result.stderr
    assert users.rows("SELECT count(*) FROM alembic_version") == [(0,)]


def test_version_that_moves_while_schemas_are_compared_is_seen(users: Project, tmp_path: Path) -> None:
    create_all(users.database)
    env = users.folder / "env.py"
    change = f"""
import pathlib, sqlalchemy
seen = pathlib.Path({str(tmp_path / "seen")!r})
if seen.exists():
    with sqlalchemy.create_engine({users.database.url!r}, poolclass=sqlalchemy.NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('bbb')")
seen.touch()
"""
    env.write_text(change + env.read_text())
    result = users.flask("db", "stamp", "aaa", ok=False)
    assert result.exit_code == 3
    assert "Somebody moved the version of the database while its schema was compared." in result.stderr
    assert users.version() == ["bbb"]


@pytest.fixture
def unprivileged(make_project: Callable[..., Project], database: Database) -> Any:
    """A project on a server where its user may not create a database, and the words that say so."""
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    name = f"u{engine.url.database[-12:]}"
    statements = {
        "postgresql": (
            [f'CREATE ROLE "{name}" LOGIN', f'GRANT ALL ON SCHEMA public TO "{name}"'],
            [f'DROP OWNED BY "{name}"', f'DROP ROLE "{name}"'],
        ),
        "mariadb": (
            [f"CREATE USER `{name}`@`%`", f"GRANT ALL ON `{engine.url.database}`.* TO `{name}`@`%`"],
            [f"DROP USER `{name}`@`%`"],
        ),
    }
    before, after = statements[database.engine]

    def run(lines: list[str]) -> None:
        with engine.connect() as connection:
            for line in lines:
                connection.exec_driver_sql(line.replace("%", "%%"))

    run(before)
    url = engine.url.set(username=name, password=None).render_as_string(hide_password=False)
    yield make_project(Database(database.engine, url)), name
    run(after)


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_right_that_is_missing_is_named(unprivileged: Any) -> None:
    project, name = unprivileged
    project.revision("aaa", upgrade=create("one"))
    said = " ".join(refused(project, "head").split())
    words = {
        "postgresql": f"The role '{name}' may not create a database on this PostgreSQL server.",
        "mariadb": f"The user '{name}'@'%' may not create a database on this server.",
    }
    remedy = {
        "postgresql": f'`ALTER ROLE "{name}" CREATEDB`',
        "mariadb": f"GRANT ALL ON `scratch\\_%`.* TO '{name}'@'%'",
    }
    assert words[project.database.engine] in said
    assert remedy[project.database.engine] in said
    assert "`flask db stamp --force head` stamps without a comparison." in said
    project.flask("db", "stamp", "--force", "head")
    assert project.version() == ["aaa"]


def test_no_connection_of_a_comparison_is_left(users: Project) -> None:
    create_all(users.database)
    opened: list[Any] = []

    def connected(driver: Any, _record: Any) -> None:
        opened.append(driver)

    event.listen(sa.Pool, "connect", connected)
    try:
        users.flask("db", "stamp", "aaa")
    finally:
        event.remove(sa.Pool, "connect", connected)
    assert len(opened) > 2
