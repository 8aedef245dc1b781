"""The commands as a whole: the same as in Flask-Migrate, and one group for each application."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import flask_migrate
import flask_migrate.cli
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from app.schema import Migrate
from app.schema.cli._group import _ELSEWHERE
from tests.databases.servers import Database
from tests.schema.conftest import Project, create

STOCK: dict[str, click.Command] = flask_migrate.cli.db.commands

# Each runs on the state that those before left behind.
SESSION = [
    ["heads"],
    ["heads", "-v"],
    ["heads", "--resolve-dependencies"],
    ["history"],
    ["history", "-v"],
    ["history", "-r", "aaa:bbb"],
    ["history", "-r", ":aaa"],
    ["show", "heads"],
    ["show", "aaa"],
    ["branches"],
    ["branches", "-v"],
    ["upgrade", "--sql", "aaa"],
    ["upgrade", "--sql", "aaa:bbb"],
    ["downgrade", "--sql", "bbb:aaa"],
    ["stamp", "--sql", "aaa"],
    ["current"],
    ["upgrade", "aaa"],
    ["current"],
    ["history", "-i"],
    ["history", "-r", "current:"],
    ["show", "current"],
    ["upgrade", "heads"],
    ["current"],
    ["downgrade", "ccc@-1"],
    ["current"],
    ["stamp", "base"],
    ["stamp", "bbb"],
    ["downgrade", "aaa"],
    ["stamp", "base"],
    ["stamp", "--purge", "aaa"],
    ["current", "-v"],
    ["heads"],
]


class PrintingStock(flask_migrate.Migrate):  # type: ignore[misc]  # Flask-Migrate has no types
    """Flask-Migrate as it is, but for printing to the standard output of now instead of that of the import."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.configure(self._print_here)

    def _print_here(self, config: Any) -> Any:
        config.stdout = sys.stdout
        return config


def params(command: click.Command) -> dict[str, dict[str, Any]]:
    return {str(param.name): param.to_info_dict() for param in command.params}


def own_command(project: Project, name: str) -> click.Command:
    group = project.app.cli.commands["db"]
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", STOCK)
def test_command_has_all_options_of_flask_migrate(sqlite_project: Project, name: str) -> None:
    command = own_command(sqlite_project, name)
    own, stock = params(command), params(STOCK[name])
    if name == "stamp":  # takes several revisions, as Alembic does
        assert own.pop("revision")["nargs"] == -1
        del stock["revision"]
    assert {key: own[key] for key in stock} == stock
    assert command.help == STOCK[name].help


def test_group_has_all_options_of_flask_migrate(sqlite_project: Project) -> None:
    own, stock = params(sqlite_project.app.cli.commands["db"]), params(flask_migrate.cli.db)
    assert {key: own[key] for key in stock} == stock


@pytest.mark.parametrize("name", ["revision", "migrate"])
def test_commands_that_write_take_more(sqlite_project: Project, name: str) -> None:
    assert {"x_arg", "depends_on"} <= params(own_command(sqlite_project, name)).keys()


# Flask-Migrate prints these in the order of a set, so in any order.
UNORDERED = ("branches", "current", "history", "heads")


def normal(text: str, command: str) -> str:
    """Leave out what differs by design: SQLite's transactions are real here, and the order is always the same.

    A downgrade says first what it takes back.
    """
    if command == "downgrade":
        text = re.sub(r"^\S+ \(\S+\) stands at .*\n(?:.*\n)*?(?=INFO)", "", text, flags=re.MULTILINE)
    kept = [
        line for line in text.splitlines() if "Will assume" not in line and line not in ("BEGIN;", "COMMIT;")
    ]
    if command in UNORDERED:
        return "\n".join(sorted(line for line in kept if line))
    return re.sub(r"\n{2,}", "\n\n", "\n".join(kept)).strip()


@pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")
@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate calls fileConfig")
def test_every_command_prints_what_flask_migrate_prints(
    tmp_path: Path, make_database: Callable[[str], Database]
) -> None:
    projects = []
    for make_migrate in (PrintingStock, Migrate):
        folder = tmp_path / "migrations"
        project = Project(make_database("sqlite"), folder, make_migrate)
        if not projects:
            project.flask("db", "init")
            project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
            project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
            project.revision("ccc", "aaa", upgrade=create("three"), downgrade='op.drop_table("three")')
        projects.append(project)
    stock, own = projects
    for arguments in SESSION:
        expected, actual = (project.flask("db", *arguments, ok=False) for project in (stock, own))
        for stream in ("stdout", "stderr"):
            theirs = getattr(expected, stream).replace(stock.database.url, own.database.url)
            assert normal(getattr(actual, stream), arguments[0]) == normal(theirs, arguments[0]), arguments
        assert actual.exit_code == expected.exit_code, arguments


def test_list_templates_names_those_of_flask_migrate(
    tmp_path: Path, make_database: Callable[[str], Database]
) -> None:
    result = Project(make_database("sqlite"), tmp_path / "migrations").flask("db", "list-templates")
    assert result.stdout == (
        "Available templates:\n\n"
        "aioflask - Single-database configuration for aioflask.\n"
        "aioflask-multidb - Multi-database configuration for aioflask.\n"
        "flask - Single-database configuration for Flask.\n"
        "flask-multidb - Multi-database configuration for Flask.\n"
    )


def test_applications_do_not_see_each_others_commands(tmp_path: Path) -> None:
    stock_before = dict(STOCK)
    apps = {}
    for name in ("db", "schema"):
        app = apps[name] = Flask(name, root_path=str(tmp_path))
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
        Migrate(app, SQLAlchemy(app), command=name)
        own = app.cli.commands[name]
        assert isinstance(own, click.Group)
        own.add_command(click.Command(f"only-{name}"))
    assert "db" not in apps["schema"].cli.commands
    groups = {name: app.cli.commands[name] for name, app in apps.items()}
    for name, group in groups.items():
        assert isinstance(group, click.Group)
        listed = group.list_commands(click.Context(group))
        assert [command for command in listed if command.startswith("only-")] == [f"only-{name}"]
    assert stock_before == STOCK


def test_change_to_a_command_of_one_application_stays_there(
    tmp_path: Path, make_database: Callable[[str], Database]
) -> None:
    first, second = (Project(make_database("sqlite"), tmp_path / "migrations") for _ in range(2))
    own_command(first, "heads").callback = lambda **_: click.echo("replaced")
    assert first.flask("db", "heads").stdout == "replaced\n"
    assert "replaced" not in second.flask("db", "heads", ok=False).output


def test_option_can_come_from_the_environment(
    sqlite_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_project.revision("aaa")
    monkeypatch.setenv("FLASK_DB_HEADS_VERBOSE", "1")
    runner = sqlite_project.app.test_cli_runner()
    result = runner.invoke(args=["db", "heads"], auto_envvar_prefix="FLASK")
    assert result.stdout.startswith("Rev: aaa (head)")


def test_command_is_known_by_the_names_of_other_tools(sqlite_project: Project) -> None:
    result = sqlite_project.flask("db", "rollback", ok=False)
    assert result.exit_code == 2
    assert "No such command 'rollback'. It is called 'downgrade' here." in result.stderr


def test_names_of_other_tools_lead_to_commands_and_hide_none(sqlite_project: Project) -> None:
    group = sqlite_project.app.cli.commands["db"]
    assert isinstance(group, click.Group)
    known = set(group.list_commands(click.Context(group)))
    assert set(_ELSEWHERE.values()) <= known
    assert not known & _ELSEWHERE.keys()
