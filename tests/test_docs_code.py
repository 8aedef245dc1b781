"""What the pages of docs/ print is run as it is printed."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import click
import pytest

from tests.checkout import ROOT, copy_to, run
from tests.databases.servers import Database
from tools import docs

PAGES = {page.name: page.read_text() for page in [docs.README, *sorted((ROOT / "docs").glob("*.md"))]}
COMMANDS = dict(docs.commands())
TYPED = re.compile(r"flask (?:--app \S+ )?((?:db|accounts) [a-z-]+)([^`\n#]*)")

# The names that a block takes for granted, as the text around it says.
GIVEN = """
from extensions import db
from main import create_app

app = create_app()
with app.app_context(), db.engine.connect() as connection:
"""

# Two people who said when they were born.
TWO_USERS = """
import datetime
import models
for name in ("ada", "grace"):
    db.session.add(
        models.User(
            email=f"{name}@example.org",
            password_hash="-",
            display_name=name,
            birth_date=datetime.date(1906, 12, 9),
        )
    )
db.session.commit()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the repository's product."""
    return copy_to(tmp_path / "strata")


def blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)


def indented_commands(page: str) -> list[str]:
    return re.findall(r"^    (\S.*)$", PAGES[page], re.MULTILINE)


def stands_at(project: Path, database: Database) -> str:
    return run(project, database, "flask", "db", "current")


def test_functions_of_the_engine_run_as_printed(project: Path, database: Database) -> None:
    functions, _ = blocks("from-code.md")
    said = run(project, database, "python", "-c", functions.rstrip() + "\n    print(applied)\n")
    assert "('5d1c0f3a7b92', '8e24b6c9d015', 'b370d8e1f46a')" in said
    assert "b370d8e1f46a (head)" in stands_at(project, database)
    assert len(list(project.glob("migrations/versions/*.py"))) == 3


def test_connection_of_your_own_is_yours_to_commit_as_printed(project: Path, database: Database) -> None:
    _, own = blocks("from-code.md")
    rolled_back = GIVEN + textwrap.indent("connection.begin()\n" + own + "connection.rollback()\n", "    ")
    committed = rolled_back.replace("connection.rollback()", "connection.commit()")
    if database.engine != "mariadb":  # which commits each change of the schema itself
        run(project, database, "python", "-c", rolled_back)
        assert "b370d8e1f46a" not in stands_at(project, database)
    run(project, database, "python", "-c", committed)
    assert "b370d8e1f46a (head)" in stands_at(project, database)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_readiness_functions_are_as_printed(project: Path, database: Database) -> None:
    names = re.findall(r"`(schema\.\w+\([a-z]+\))`", PAGES["from-code.md"].partition("## For a readiness")[2])
    assert len(names) == 2
    body = "from app import schema\n" + "".join(f"print({name})\n" for name in names)
    run(project, database, "flask", "db", "upgrade")
    said = run(project, database, "python", "-c", GIVEN + textwrap.indent(body, "    "))
    assert said == "('b370d8e1f46a',)\n" * 2


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_project_of_flask_migrate_moves_as_printed(project: Path, database: Database, tmp_path: Path) -> None:
    [new_import] = blocks("existing-project.md")
    old_import = new_import.partition("# was: ")[2]
    extensions = project / "extensions.py"
    extensions.write_text(extensions.read_text().replace("from app.schema import Migrate\n", old_import))
    assert "flask_migrate" in extensions.read_text()
    run(project, database, "flask", "db", "init", "-d", "stock")
    (project / "stock" / "env.py").replace(project / "migrations" / "env.py")
    run(project, database, "flask", "db", "upgrade", "5d1c0f3a7b92")

    extensions.write_text(extensions.read_text().replace(old_import, new_import))
    make, copy = indented_commands("existing-project.md")
    for command in ("flask db upgrade 8e24b6c9d015", make, copy, "flask db upgrade"):
        run(project, database, "/bin/sh", "-c", command.replace("/tmp/", f"{tmp_path}/"))  # noqa: S108  (the page's)
    assert (project / "migrations" / "env.py").read_text() == (ROOT / "migrations" / "env.py").read_text()
    assert "b370d8e1f46a (head)" in stands_at(project, database)


def test_rolling_back_is_as_printed(project: Path, database: Database) -> None:
    page = PAGES["rolling-back.md"]
    asked, refused = re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    run(project, database, "flask", "db", "upgrade")
    run(project, database, "python", "-c", GIVEN + textwrap.indent(TWO_USERS, "    "))
    url = database.url if database.engine != "sqlite" else f"sqlite:///{project}/instance/app.db"
    production = f"APP_ENV=production SECRET_KEY=x DATABASE_URL='{url}'"
    command = refused.splitlines()[0].removeprefix("$ ")
    said = run(project, database, "/bin/sh", "-c", f"{production} {command} || true")
    assert without_address(refused.splitlines()[1]) in without_address(said)
    assert "b370d8e1f46a (head)" in stands_at(project, database)

    first, _, rest = asked.partition("\n")
    listing, _, question = rest.partition("\n\nTake back 1 revision? This ")
    said = run(project, database, "/bin/sh", "-c", first.removeprefix("$ "))
    assert without_address(listing) in without_address(said)
    assert question.removesuffix(" [y/N]:\n") in said
    assert "8e24b6c9d015" in stands_at(project, database)


def without_address(text: str) -> str:
    """Leave out what depends on the machine: the database's address, and how the server quotes a name."""
    return (
        re.sub(r"^\S+ \(\S+\)", "DATABASE", text, flags=re.MULTILINE)
        .replace('"user"', "user")
        .replace("`user`", "user")
    )


def test_function_that_goes_back_runs_as_printed(project: Path, database: Database) -> None:
    [function] = blocks("rolling-back.md")
    run(project, database, "flask", "db", "upgrade")
    run(project, database, "python", "-c", GIVEN + textwrap.indent(TWO_USERS, "    "))
    run(project, database, "python", "-c", GIVEN + textwrap.indent(function, "    "))
    assert "8e24b6c9d015" in stands_at(project, database)


def test_database_without_a_version_is_adopted_as_printed(project: Path, database: Database) -> None:
    run(project, database, "python", "-c", GIVEN + "    db.create_all()\n")
    typed = re.findall(r"^```console\n(.*?)^```", PAGES["adopting.md"], re.DOTALL | re.MULTILINE)
    for part in "".join(typed).split("$ ")[1:]:
        command, _, printed = part.partition("\n")
        # Showing ends with exit code 1, and what Alembic logs is left out on the page.
        said = run(project, database, "/bin/sh", "-c", f"{command} || test $? -eq 1")
        kept = [line for line in said.splitlines(keepends=True) if not line.startswith("INFO ")]
        assert "".join(kept) == printed
    assert "b370d8e1f46a (head)" in stands_at(project, database)


@pytest.mark.parametrize(
    ("name", "rest"),
    sorted({found for text in PAGES.values() for found in TYPED.findall(text)}),
)
def test_printed_command_exists_with_its_options(name: str, rest: str) -> None:
    command = COMMANDS[f"flask {name}"]
    known = {opt for it in command.params if isinstance(it, click.Option) for opt in it.opts}
    assert [option for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest) if option not in known] == []


def told(said: str) -> list[str]:
    """The lines of an output without Alembic's, and without what is different each time."""
    for pattern, word in (
        (r"\d{4}-\d\d-\d\d(?: at)? \d\d:\d\d(?::\d\d)?", "MOMENT"),
        (r"(?<=UTC) by \S+ on [^\s,]+(?=[,.])", " by SOMEBODY"),
        (r"\S+@\S+ ", "SOMEBODY "),
        (r"\b\d+ m?s\b", "A MOMENT"),
    ):
        said = re.sub(pattern, word, said)
    lines = [" ".join(line.split()) for line in said.splitlines()]
    return [line for line in lines if line and not line.startswith("INFO")]


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"], indirect=True)
def test_ledger_is_as_printed(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_VERSION", "3f2a1b9c0d")
    run(project, database, "flask", "db", "upgrade")
    file = next((project / "migrations" / "versions").glob("*b370d8e1f46a*"))
    before = file.read_text()
    printed = re.findall(r"^```console\n(.*?)^```", PAGES["ledger.md"], re.DOTALL | re.MULTILINE)
    what_happens = [
        lambda: None,
        lambda: file.write_text(before.replace("sa.Date()", "sa.DateTime()")),
        lambda: None,
        lambda: file.unlink(),
    ]
    assert len(printed) == len(what_happens)
    for block, happen in zip(printed, what_happens, strict=True):
        happen()
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            said = run(project, database, "/bin/sh", "-c", f"{command} || true")
            assert told(said) == told(expected), command
    assert file.exists()


def test_functions_of_the_ledger_run_as_printed(project: Path, database: Database) -> None:
    (functions,) = blocks("ledger.md")
    run(project, database, "flask", "db", "upgrade")
    said = run(project, database, "python", "-c", GIVEN + textwrap.indent(functions, "    "))
    assert "[]" in said
    assert "b370d8e1f46a" in said
