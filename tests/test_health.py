from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text

from extensions import db, migrate
from main import create_app

REVISION = """
from pathlib import Path

revision = {revision!r}
down_revision = {parent!r}
with Path({witness!r}).open("a") as witness:
    witness.write({revision!r} + " was imported\\n")
"""


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    """The file in which each revision module notes that it was imported."""
    return tmp_path / "witness"


@pytest.fixture
def site(empty_app: Flask, tmp_path: Path, witness: Path) -> Flask:
    """An application whose code stands at revision "two", on a database in which nothing exists."""
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    for revision, parent in (("one", None), ("two", "one")):
        source = REVISION.format(revision=revision, parent=parent, witness=str(witness))
        (folder / f"{revision}.py").write_text(source)
    migrate.init_app(empty_app, db, directory=str(folder.parent))
    return empty_app


def stamp(app: Flask, *revisions: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        for revision in revisions:
            connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": revision})


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    found: list[str] = []

    def collect(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", collect)
        yield found
        event.remove(db.engine, "before_cursor_execute", collect)


def test_livez_needs_no_database():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "postgresql://nobody@127.0.0.1:1/none"})
    answer = app.test_client().get("/livez")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_readyz_is_ready_where_the_database_stands_at_the_head_of_the_code(site):
    stamp(site, "two")
    answer = site.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "failed": None,
        "revision": {"database": ["two"], "code": ["two"]},
    }


@pytest.mark.parametrize("stands_at", [["one"], ["of", "another"], []])
def test_readyz_names_both_revisions_where_they_differ(site, stands_at):
    stamp(site, *stands_at)
    answer = site.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "unavailable",
        "failed": "revision",
        "revision": {"database": sorted(stands_at), "code": ["two"]},
    }


def test_readyz_blames_the_revision_where_nothing_was_ever_upgraded(site):
    answer = site.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["failed"] == "revision"
    assert answer.json["revision"] == {"database": [], "code": ["two"]}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "mysql://nobody@127.0.0.1:1/none"])
def test_readyz_blames_the_database_where_it_does_not_answer(site, url, caplog):
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url})
    migrate.init_app(app, db, directory=site.extensions["migrate"].directory)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["failed"] == "database"
    assert answer.json["revision"] == {"database": None, "code": ["two"]}
    assert "127.0.0.1" not in answer.text
    assert "the database does not answer" in caplog.text


def test_readyz_costs_one_query_and_imports_no_revision_again(site, witness):
    stamp(site, "two")
    client = site.test_client()
    client.get("/readyz")
    witness.unlink(missing_ok=True)
    with statements(site) as sent:
        assert client.get("/readyz").status_code == 200
    assert len(sent) == 1
    assert not witness.exists()


def test_readyz_reads_the_version_table_that_is_configured(site):
    site.extensions["migrate"].configure_args["version_table"] = "site_version"
    stamp(site, "two")
    assert site.test_client().get("/readyz").status_code == 503
    with site.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME TO site_version"))
    assert site.test_client().get("/readyz").status_code == 200


def test_readyz_starts_no_session(site):
    assert "Set-Cookie" not in site.test_client().get("/readyz").headers


def test_readyz_is_ready_after_an_upgrade(client):
    assert client.get("/readyz").json["status"] == "ready"
