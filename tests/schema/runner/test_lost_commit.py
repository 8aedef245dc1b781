"""A connection that is lost at COMMIT: the ledger says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, event, text

from tests.databases.servers import Database
from tests.schema.conftest import Project, create

SESSION = {"postgresql": "SELECT pg_backend_pid()", "mariadb": "SELECT connection_id()"}
END = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


@contextmanager
def cut(project: Project, when: str) -> Iterator[None]:
    """End the session of the runner when the second revision is in the ledger, before or after its COMMIT."""
    engine_name = project.database.engine
    other = create_engine(project.database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    entered: list[Any] = []

    def noted(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if (
            statement.startswith("INSERT INTO schema_ledger")
            and "bbb" in str(parameters)
            and "done" in str(parameters)
        ):
            entered.append(connection)

    def committing(connection: Any) -> None:
        if entered and connection is entered[0]:
            entered.clear()
            session = connection.exec_driver_sql(SESSION[engine_name]).scalar()
            if when == "after":
                connection.connection.dbapi_connection.commit()
            with other.connect() as ending:
                ending.execute(text(END[engine_name].format(session)))

    event.listen(Engine, "after_cursor_execute", noted)
    event.listen(Engine, "commit", committing)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", noted)
        event.remove(Engine, "commit", committing)


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
@pytest.mark.parametrize(
    ("when", "said", "version"),
    [("before", "it was not committed", "aaa"), ("after", "it was committed", "bbb")],
)
def test_ledger_says_what_became_of_a_commit_without_an_answer(
    make_project: Callable[..., Project],
    make_database: Callable[[str], Database],
    engine: str,
    when: str,
    said: str,
    version: str,
) -> None:
    project = make_project(make_database(engine))
    project.revision("aaa", upgrade=create("t"))
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade='op.execute("INSERT INTO t VALUES (7)")')
    project.revision("ccc", "bbb", upgrade=create("u"))
    with cut(project, when):
        result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert f"lost while revision 'bbb' was being committed. The ledger says that {said}" in result.stderr
    assert project.version() == [version]
    project.flask("db", "upgrade")
    assert project.version() == ["ccc"]
    assert project.rows("SELECT id FROM t") == [(7,)]
