from __future__ import annotations

from pathlib import Path

import pytest

from app import schema
from tests.schema.conftest import Project

TEMPLATES = Path(schema.__file__).parent / "templates"
ROOT = Path(__file__).parent.parent.parent

SETS_FIRST = """
from alembic import context
from flask import current_app

with current_app.extensions["migrate"].db.engine.connect() as connection:
    connection.exec_driver_sql("{statement}")
    context.configure(connection=connection{arguments})
    with context.begin_transaction():
        context.run_migrations()
"""
STATEMENTS = {"sqlite": "CREATE TABLE lock_taken (id INTEGER)", "postgresql": "SET lock_timeout = 1000"}


def env_that_begins_a_transaction(project: Project, arguments: str = "") -> None:
    """Write an env.py whose transaction nobody commits."""
    statement = STATEMENTS.get(project.database.engine, "SET lock_wait_timeout = 1")
    text = SETS_FIRST.format(statement=statement, arguments=arguments)
    (project.folder / "env.py").write_text(text)


def test_application_has_the_env_py_that_init_writes() -> None:
    text = (ROOT / "migrations" / "env.py").read_text()
    assert text == (TEMPLATES / "flask" / "env.py").read_text()
    assert "app.schema" not in text
    assert len(text.splitlines()) <= 35


@pytest.mark.parametrize("command", ["upgrade", "stamp"])
def test_command_whose_effect_is_not_kept_fails(project: Project, command: str) -> None:
    project.revision("aaa")
    env_that_begins_a_transaction(project)
    result = project.flask("db", command, ok=False)
    assert result.exit_code == 1
    assert "The revisions ran, but the database stands at no revision" in result.stderr
    assert "It should stand at revision 'aaa'." in result.stderr
