"""`bench/stall.py` measures what it says, and both forms of each of its changes come to the same."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, NullPool, Table, create_engine, inspect, select

from app.schema.core.finding import Severity
from bench import _changes_mariadb, _changes_postgresql
from bench._changes import TABLES, Change, write_revisions
from bench._tables import ENGINES
from tests.databases.servers import Database
from tests.schema.conftest import Project
from tests.schema.lint.verbs import judge

ROOT = Path(__file__).parents[2]
SERVERS = {"postgresql": "postgresql:15", "mariadb": "mariadb:10.11"}
CHANGES = {"postgresql": _changes_postgresql.CHANGES, "mariadb": _changes_mariadb.CHANGES}
CASES = [
    pytest.param(engine, change, id=f"{engine}: {change.name}")
    for engine, changes in CHANGES.items()
    for change in changes
]
ROWS = 30
ONLY = "a reader holds the table"
NUMBERS = r"\d+ \| \d+ \| \d+ \| \d+"
# What a deploy of several steps takes care of, or what a person means to lose; no form of a statement changes that.
MEANT = ("contract-in-same-release", "drop-column", "drop-table", "rename-column", "downgrade-asymmetric")
# What the rows hold, which the linter cannot know without looking.
ROWS_TELL = ("add-unique-existing", "my-set-not-null-nonstrict")
# Strong locks for a moment, which the runner limits and the benchmark measures.
FOR_A_MOMENT = ("pg-create-trigger", "pg-drop-table-locks-parents")
KNOWN = (*MEANT, *ROWS_TELL, *FOR_A_MOMENT)


def outcome(connection: Connection) -> dict[str, Any]:
    """Return all that can be seen of the tables, with what is in them, whatever the order of the columns."""
    found: dict[str, Any] = {}
    seen = inspect(connection)
    for name in sorted(set(seen.get_table_names()) & {"items", "owners", "marks", "tags"}):
        table = Table(name, MetaData(), autoload_with=connection)
        columns = sorted(table.columns, key=lambda column: column.name)
        found[name] = {
            "columns": [
                (it.name, str(it.type), it.nullable, str(getattr(it.server_default, "arg", None)))
                for it in columns
            ],
            "indexes": sorted(
                (it["name"], it["column_names"], it["unique"]) for it in seen.get_indexes(name)
            ),
            "unique": sorted((it["name"], it["column_names"]) for it in seen.get_unique_constraints(name)),
            "keys": sorted(
                (it["name"], it["constrained_columns"], it["referred_table"])
                for it in seen.get_foreign_keys(name)
            ),
            "checks": sorted((it["name"], it["sqltext"]) for it in seen.get_check_constraints(name)),
            "rows": connection.execute(select(*columns).order_by(table.c.id)).all(),
        }
    return found


@pytest.mark.parametrize(("engine", "change"), CASES)
def test_both_forms_come_to_the_same(
    engine: str, change: Change, make_database: Callable[[str], Database], tmp_path: Path
) -> None:
    outcomes = []
    filling = "".join(f"\nop.execute({statement!r})" for statement in ENGINES[engine].filling(ROWS))
    for name, bodies in (("stock", change.stock), ("ours", change.ours)):
        project = Project(make_database(engine), tmp_path / name)
        project.flask("db", "init")
        write_revisions(project.folder / "versions", bodies, TABLES + filling)
        project.flask("db", "upgrade")
        with create_engine(project.database.url, poolclass=NullPool).connect() as connection:
            outcomes.append(outcome(connection))

    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]["items"]["rows"]) == ROWS


@pytest.mark.parametrize(("engine", "change"), CASES)
def test_linter_has_nothing_against_the_form_that_does_not_block(engine: str, change: Change) -> None:
    findings = judge(list(change.ours), SERVERS[engine], before=TABLES)

    assert [(f.rule, f.message) for f in findings if f.severity > Severity.INFO and f.rule not in KNOWN] == []


@pytest.mark.parametrize("engine_name", sorted(ENGINES), indirect=True)
@pytest.mark.usefixtures("database")  # which skips an engine that is not here
def test_prints_a_line_for_each_change(engine_name: str) -> None:
    arguments = ["--quick", "--rows", "500", "--only", ONLY, "--engines", engine_name]
    command = [sys.executable, "bench/stall.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    # Whether the promise is kept says 0 or 1; beside other tests it tells nothing.
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    _, title, _, head, _, idle, *lines = done.stdout.splitlines()
    # Behind the table come sentences about what was missed.
    changes = [change.name for change in CHANGES[engine_name] if ONLY in change.name]
    assert title == f"### {ENGINES[engine_name].name}, 500 rows"
    assert head.startswith("| change | stock: write | read | p99 | gap | took | ours: write |")
    assert re.fullmatch(rf"\| no change \| {NUMBERS} \|( \|)+", idle)
    assert changes
    for name, line in zip(changes, lines[: len(changes)], strict=True):
        assert re.fullmatch(
            rf"\| {name} \| {NUMBERS} \| \d+\.\d s \| {NUMBERS} \| \d+\.\d s \| \d+\.\d \|", line
        )
