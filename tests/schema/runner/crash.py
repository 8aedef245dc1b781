"""Kills the runner at each of its steps, starts it again, and compares with a run that nobody disturbed.

    python -m tests.schema.runner.crash FOLDER URL ENGINE SAMPLE

Each leg is one command on one database: the upgrade of a history that uses every kind of operation and its downgrade,
in transactions as far as the engine has them and in autocommit blocks. A point is the moment before something that
goes to the database, and for a third of the points a moment inside, for long ones several. SAMPLE says how many
points of each leg are tried, evenly spread; 0 is all of them. Now and then the runner that makes good is killed too.
Prints a JSON object; `differences` is empty if each of the killed runs came to the same end.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine, make_url

from app.schema.core.own_tables import JOURNAL, OWN_TABLES
from app.schema.dialects import catalog
from tests.databases.servers import Database
from tests.schema.conftest import Project
from tests.schema.runner import crash_history
from tests.schema.runner.crash_points import Points

_SHORT = 0.004
_LONG = 0.05
_PARTS_OF_LONG = (0.1, 0.3, 0.5, 0.7, 0.9)
UP, DOWN = ("upgrade",), ("downgrade", "base")


@dataclass(frozen=True)
class Kill:
    """Where one runner dies: at which point, how many seconds after it; and where the next one does, 0 is nowhere."""

    at: int
    delay: float = 0.0
    again: int = 0


class Trial:
    """One database on which runners are killed.

    :param command: what they do; `downgrade` begins at the head, `upgrade` with nothing.
    """

    def __init__(self, folder: Path, database: Database, command: tuple[str, ...], *, at_once: bool) -> None:
        self.name = f"{command[0]} {'at once' if at_once else 'in transactions'}"
        self.folder = folder / self.name.replace(" ", "-")
        self.database = database
        self.note = self.folder / "note.json"
        self._command = command
        shutil.copytree(folder, self.folder, ignore=lambda *_: ["versions", *map(str, self.folder.parts)])
        crash_history.write(database.engine, self.folder / "versions", at_once=at_once)

    def prepare(self) -> None:
        """Bring the database to where the command begins."""
        self._empty()
        if self._command is not UP:
            assert self._fork(UP, Points()) == 0, self.said()

    def run(self, points: Points) -> int:
        """Run the command in a process of its own and return its exit code; negative, if it was killed."""
        return self._fork(self._command, points)

    def said(self) -> str:
        """The end of what the last process printed that was not killed."""
        output: str = json.loads(self.note.read_text())["output"]
        return output[-1500:]

    def passed(self) -> list[tuple[str, float]]:
        """What was done at each point of that process, and how long it took."""
        return [(what, seconds) for what, seconds in json.loads(self.note.read_text())["points"]]

    def _empty(self) -> None:
        engine = create_engine(self.database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        if self.database.engine == "sqlite":
            file = Path(str(engine.url.database))
            for leftover in file.parent.glob(f"{file.name}*"):
                leftover.unlink()
        else:
            with engine.connect() as connection:
                for statement in _dropping(connection):
                    connection.exec_driver_sql(statement)

    def _fork(self, command: tuple[str, ...], points: Points) -> int:
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                code = self._child(command, points)
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _child(self, command: tuple[str, ...], points: Points) -> int:
        project = Project(
            self.database, self.folder, SCHEMA_RUNNER_WAIT="1min", SCHEMA_BASELINE=crash_history.HEAD
        )
        points.watch()
        result = project.flask("db", *command, ok=False)
        self.note.write_text(json.dumps({"output": result.output, "points": points.passed}))
        return result.exit_code

    def state(self) -> dict[str, Any]:
        """Return what is in the database: schema, rows, version, and what is unfinished."""
        engine = create_engine(self.database.url, poolclass=NullPool)
        with engine.connect() as connection:
            names = sorted(set(sa.inspect(connection).get_table_names()) - OWN_TABLES)
            rows = {name: _rows(connection, name) for name in names}
            journal = sa.inspect(connection).has_table(JOURNAL)
            unfinished = connection.execute(sa.text(f"SELECT * FROM {JOURNAL}")).all() if journal else []
            snapshot = catalog.read(connection)
        return {"rows": rows, "schema": repr(snapshot), "unfinished": [str(row) for row in unfinished]}


def _rows(connection: sa.Connection, name: str) -> list[str]:
    rows = connection.execute(sa.text(f"SELECT * FROM {name}"))
    return [str(tuple(rows.keys())), *sorted(str(tuple(row)) for row in rows)]


def _dropping(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        return ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]
    name = make_url(connection.engine.url).database
    return [f"DROP DATABASE `{name}`", f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4", f"USE `{name}`"]


def kills(points: list[tuple[str, float]], sample: int) -> Iterator[Kill]:
    """Where to kill a run that passed some points."""
    number = len(points)
    for at in _spread(number, sample):
        yield Kill(at, again=at * 7 % number + 1 if at % 5 == 0 else 0)
        seconds = points[at - 1][1]
        if seconds > _LONG:
            yield from (Kill(at, part * seconds) for part in _PARTS_OF_LONG)
        elif at % 3 == 0:
            yield Kill(at, _SHORT)


def _spread(points: int, sample: int) -> list[int]:
    if not sample or sample >= points:
        return list(range(1, points + 1))
    return sorted({1 + round(number * (points - 1) / (sample - 1)) for number in range(sample)})


def leg(trial: Trial, sample: int) -> dict[str, Any]:
    """Kill one command at its points, and tell what came of it."""
    trial.prepare()
    before = trial.state()
    assert trial.run(Points()) == 0, trial.said()
    points = trial.passed()
    wanted = trial.state()
    result: dict[str, Any] = {
        "leg": trial.name,
        "points": len(points),
        "trials": 0,
        "kills": 0,
        "recoveries": 0,
        "rows_lost": 0,
        "differences": [],
    }
    assert before["rows"] != wanted["rows"]
    for kill in kills(points, sample):
        _try(trial, kill, points[kill.at - 1][0], wanted, result)
    return result


def _try(trial: Trial, kill: Kill, what: str, wanted: dict[str, Any], result: dict[str, Any]) -> None:
    trial.prepare()
    result["trials"] += 1
    result["kills"] += trial.run(Points(kill.at, kill.delay)) == -signal.SIGKILL
    if kill.again:
        result["kills"] += trial.run(Points(kill.again)) == -signal.SIGKILL
    code = trial.run(Points())
    state = trial.state()
    if code == 0 and state == wanted:
        result["recoveries"] += 1
        return
    if code == 0:  # else it is not finished, and says so
        result["rows_lost"] += sum(
            max(len(rows) - len(state["rows"].get(table, [])), 0) for table, rows in wanted["rows"].items()
        )
    differs = [key for key in wanted if state[key] != wanted[key]]
    print(trial.name, kill, what, differs, trial.said(), file=sys.stderr, flush=True)  # noqa: T201
    result["differences"].append(
        {"kill": str(kill), "at": what, "code": code, "differs": differs, "output": trial.said()}
    )


def main(
    folder: Path, url: str, engine: str, sample: int, wanted: Callable[[str], bool]
) -> list[dict[str, Any]]:
    """Go all legs."""
    database = Database(engine, url)
    trials = [
        Trial(folder, database, command, at_once=at_once)
        for command in (UP, DOWN)
        for at_once in (False, True)
    ]
    return [leg(trial, sample) for trial in trials if wanted(trial.name)]


if __name__ == "__main__":
    chosen = sys.argv[5] if len(sys.argv) > 5 else ""
    found = main(
        Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), lambda name: name.startswith(chosen)
    )
    sys.stdout.write(json.dumps(found, indent=1))
