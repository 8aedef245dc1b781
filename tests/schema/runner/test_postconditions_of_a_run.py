"""What a revision leaves unusable is named at once."""

from __future__ import annotations

from collections.abc import Callable

from tests.databases.servers import Database
from tests.schema.conftest import Project, create


def test_index_that_no_query_can_use_fails_the_upgrade(
    make_project: Callable[..., Project], make_database: Callable[[str], Database]
) -> None:
    project = make_project(make_database("postgresql"))
    project.revision("aaa", upgrade=create("t"))
    project.flask("db", "upgrade")
    project.rows("INSERT INTO t VALUES (1), (2)")
    # The error of the build is swallowed, and what it leaves is an invalid index.
    project.revision(
        "bbb",
        "aaa",
        upgrade="""with op.get_context().autocommit_block():
        try:
            op.create_index("ix", "t", [sa.text("(1 / (id - 1))")], postgresql_concurrently=True)
        except sa.exc.DBAPIError:
            pass""",
    )
    project.revision("ccc", "bbb", upgrade=create("u"))
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "The index 'ix' of 't' is invalid" in result.stderr
    assert "DROP INDEX CONCURRENTLY" in result.stderr
    assert project.version() == ["bbb"]
