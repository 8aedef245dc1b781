"""A pooler in transaction mode is refused, and a direct URL gets around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from app import schema
from tests.databases.pgbouncer import pooled, required
from tests.databases.servers import Database, Unavailable
from tests.schema.conftest import Project, create

Through = Callable[[str], Database]


@pytest.fixture
def direct(make_database: Callable[[str], Database]) -> Database:
    """A database as its server itself shows it."""
    return make_database("postgresql")


@pytest.fixture
def through(direct: Database) -> Iterator[Through]:
    """Return a function from the mode of a pooler to the same database behind it."""
    with ExitStack() as until:

        def start(mode: str) -> Database:
            try:
                return until.enter_context(pooled(direct, mode))
            except Unavailable as reason:
                if required():
                    pytest.fail(str(reason), pytrace=False)
                pytest.skip(str(reason))

        yield start


def with_revision(project: Project) -> Project:
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    return project


def test_pooler_in_transaction_mode_is_refused_where_there_is_something_to_do(
    make_project: Callable[..., Project], direct: Database, through: Through
) -> None:
    project = with_revision(make_project(through("transaction")))
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 2
    assert "is a pooler that lends its sessions for one transaction each" in result.stderr
    assert "Set SCHEMA_DIRECT_URL to the URL of the database server itself" in result.stderr
    assert project.tables(direct) == set()

    behind = Project(direct, project.folder)
    behind.flask("db", "upgrade")
    project.flask("db", "upgrade")
    assert project.flask("db", "current").stdout == "aaa (head)\n"
    assert project.flask("db", "downgrade", ok=False).exit_code == 2
    assert project.version(direct) == ["aaa"]


def test_direct_url_is_used_by_every_command(
    make_project: Callable[..., Project], direct: Database, through: Through
) -> None:
    project = with_revision(make_project(through("transaction"), SCHEMA_DIRECT_URL=direct.url))
    project.flask("db", "upgrade")
    assert project.version(direct) == ["aaa"]
    with project.app.app_context():
        assert schema.downgrade() == ("aaa",)
        assert project.db.engine.url.port != schema.Migrate.target(project.migrate).bind.engine.url.port


def test_pooler_in_session_mode_is_as_good_as_none(
    make_project: Callable[..., Project], direct: Database, through: Through
) -> None:
    project = with_revision(make_project(through("session")))
    project.flask("db", "upgrade")
    assert project.version(direct) == ["aaa"]
