"""The tables of the schema engine are invisible to autogenerate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.schema.core.own_tables import OWN_TABLES
from tests.databases.servers import Database
from tests.schema.conftest import Project
from tests.schema.old_env import GET_ENGINE


@pytest.mark.parametrize("old", [False, True], ids=["our env.py", "old env.py"])
def test_own_tables_are_no_difference(project: Project, *, old: bool) -> None:
    if old:
        (project.folder / "env.py").write_text(GET_ENGINE)
    project.rows("CREATE TABLE mine (id INTEGER)")
    for name in OWN_TABLES:
        project.rows(f"CREATE TABLE {name} (id INTEGER)")
    result = project.flask("db", "check", ok=False)
    assert "mine" in result.stderr
    assert not any(name in result.stderr for name in OWN_TABLES)


def test_users_own_filter_is_asked_too(make_project: Callable[..., Project], database: Database) -> None:
    asked = []

    def include_name(name: str | None, type_: str, _parents: Any) -> bool:
        asked.append(name)
        return name != "mine"

    project = make_project(database, arguments={"include_name": include_name})
    for name in ("mine", *OWN_TABLES):
        project.rows(f"CREATE TABLE {name} (id INTEGER)")
    project.flask("db", "check")
    assert "mine" in asked
    assert not OWN_TABLES & set(asked)
