"""The workflow of the README, typed as it is printed there, in a copy of this repository."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect, text

from tests.checkout import copy_to, run
from tests.databases.servers import Database

ROOT = Path(__file__).parent.parent
WORKFLOW = (ROOT / "README.md").read_text().split("## The schema workflow of a day")[1].split("\n## ")[0]
SECTIONS = {part.partition("\n")[0]: part for part in WORKFLOW.split("### ")[1:]}

Type = Callable[[str], str]


def commands(section: str) -> list[str]:
    """Return the commands of a section's console blocks."""
    blocks = re.findall(r"^```console\n(.*?)^```", SECTIONS[section], re.DOTALL | re.MULTILINE)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def edit() -> tuple[str, str]:
    """Return the text before and after the change that the README shows as a diff."""
    [diff] = re.findall(r"^```diff\n(.*?)^```", SECTIONS["Change the model"], re.DOTALL | re.MULTILINE)
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    return old, new


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the repository's product."""
    return copy_to(tmp_path / "strata")


@pytest.fixture
def type_in(project: Path, database: Database) -> Type:
    """Return a function that types a command in the project, as a shell would run it, and returns what it said."""
    return lambda command: run(project, database, "/bin/sh", "-c", command)


@pytest.fixture
def url(project: Path, database: Database) -> str:
    """The URL of the database that the typed commands work on."""
    return f"sqlite:///{project}/instance/app.db" if database.engine == "sqlite" else database.url


def columns(url: str) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return {column["name"] for column in inspect(connection).get_columns("user")}


def revisions(project: Path) -> set[str]:
    return {path.name for path in (project / "migrations" / "versions").glob("*.py")}


def change_the_model(project: Path) -> None:
    old, new = edit()
    text_before = (project / "models.py").read_text()
    assert text_before.count(old) == 1, "the diff in the README does not fit models.py"
    (project / "models.py").write_text(text_before.replace(old, new))


def test_day_of_schema_work_goes_as_printed(project: Path, type_in: Type, url: str) -> None:
    type_in("flask db upgrade")  # what `make run` has done before
    before, known = columns(url), revisions(project)

    change_the_model(project)
    for command in commands("Write the change down"):
        type_in(command)
    [new] = revisions(project) - known
    assert new.endswith("_add_nickname_to_user.py")
    assert "add_column" in (project / "migrations" / "versions" / new).read_text()

    lint, plan, show = commands("Review it")
    assert "1 revision judged: nothing found." in type_in(lint)
    assert "ADD COLUMN nickname VARCHAR(50)" in type_in(plan)
    assert "Add nickname to user" in type_in(show)
    assert columns(url) == before

    upgrade, current, history, check = commands("Apply it")
    type_in(upgrade)
    assert columns(url) - before == {"nickname"}
    revision = new.split("_")[1]
    assert f"{revision} (head)" in type_in(current)
    assert re.search(rf"{revision} \(head\), Add nickname to user$", type_in(history), re.MULTILINE)
    type_in(check)

    down, up = commands("Go back")
    type_in(down)
    assert columns(url) == before
    type_in(up)
    assert columns(url) - before == {"nickname"}


def test_database_that_was_there_before_is_stamped_as_printed(type_in: Type, url: str) -> None:
    type_in("flask db upgrade")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    before = columns(url)

    stamp, current = commands("A database that was there before")
    type_in(stamp)

    assert "(head)" in type_in(current)
    assert columns(url) == before
    type_in("flask db upgrade")


def test_every_printed_block_belongs_to_a_test() -> None:
    tested = {"Write the change down", "Review it", "Apply it", "Go back", "A database that was there before"}

    assert {section for section in SECTIONS if commands(section)} == tested
