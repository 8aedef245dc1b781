"""Kills the runner at each of its steps, starts it again, and compares with a run that nobody disturbed.

    python -m tests.schema.runner.crash FOLDER URL ENGINE SAMPLE

A point is the moment before or after a statement that goes to the server, the runner's own among them, and for a
third of them a moment inside. SAMPLE says how many points of each kind are tried, evenly spread; 0 is all of them.
Prints a JSON object; `differences` is empty if each of the killed runs came to the same end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine, event

from app.schema.core.own_tables import JOURNAL, OWN_TABLES
from app.schema.dialects import catalog
from tests.databases.servers import Database
from tests.schema.conftest import Project
from tests.schema.runner import crash_history

_INSIDE = 0.004


class Points:
    """Counts the moments at which the process may die, and dies at one of them."""

    def __init__(self, at: int, *, inside: bool = False) -> None:
        self.passed = 0
        self._at = at
        self._inside = inside

    def watch(self) -> None:
        """Listen to every statement of the process."""
        event.listen(sa.Engine, "before_cursor_execute", self._point)
        event.listen(sa.Engine, "after_cursor_execute", self._point)

    def _point(self, *_: Any) -> None:
        self.passed += 1
        if self.passed != self._at:
            return
        if not self._inside:
            _die()
        threading.Timer(_INSIDE, _die).start()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Trial:
    """One database on which runners are killed."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.note = folder / "note.json"

    def empty(self) -> None:
        """Leave nothing in the database but the first revision."""
        engine = create_engine(self.database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        if self.database.engine == "sqlite":
            for suffix in ("", "-journal", "-wal", "-shm"):
                Path(f"{engine.url.database}{suffix}").unlink(missing_ok=True)
        else:
            with engine.connect() as connection:
                _drop_all(connection)
        assert self.fork(lambda project: project.flask("db", "upgrade", "aaa", ok=False)) == 0, (
            self.note.read_text()
        )

    def fork(self, work: Callable[[Project], Any]) -> int:
        """Run something in a process of its own and return its exit code; negative, if it was killed."""
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                project = Project(
                    self.database, self.folder, SCHEMA_RUNNER_WAIT="1min", SCHEMA_BASELINE="ccc"
                )
                result = work(project)
                self.note.write_text(json.dumps({"output": result.output}))
                code = result.exit_code
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def upgrade(self, points: Points | None = None) -> int:
        """Upgrade to the head."""

        def work(project: Project) -> Any:
            if points is not None:
                points.watch()
            result = project.flask("db", "upgrade", ok=False)
            if points is not None:
                (self.folder / "points").write_text(str(points.passed))
            return result

        return self.fork(work)

    def state(self) -> dict[str, Any]:
        """Return what is in the database: schema, rows, version, and what is unfinished."""
        engine = create_engine(self.database.url, poolclass=NullPool)
        with engine.connect() as connection:
            names = sorted(set(sa.inspect(connection).get_table_names()) - OWN_TABLES)
            rows = {
                name: sorted(map(str, connection.execute(sa.text(f"SELECT * FROM {name}")).mappings().all()))
                for name in names
            }
            journal = sa.inspect(connection).has_table(JOURNAL)
            unfinished = (
                connection.execute(sa.text(f"SELECT count(*) FROM {JOURNAL}")).scalar() if journal else 0
            )
            snapshot = catalog.read(connection, [(None, name) for name in OWN_TABLES])
        return {"rows": rows, "schema": repr(snapshot), "unfinished": unfinished}


def _drop_all(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        return
    connection.exec_driver_sql("SET foreign_key_checks = 0")
    for name in sa.inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE `{name}`")


def main(folder: Path, url: str, engine: str, sample: int) -> dict[str, Any]:
    """Kill at the points, and tell what came of it."""
    trial = Trial(folder, Database(engine, url))
    crash_history.write(Project(trial.database, folder))
    trial.empty()
    assert trial.upgrade(Points(0)) == 0, trial.note.read_text()
    points = int((folder / "points").read_text())
    wanted = trial.state()
    result: dict[str, Any] = {
        "points": points,
        "kills": 0,
        "recoveries": 0,
        "rows_lost": 0,
        "differences": [],
    }
    for at in _spread(points, sample):
        for inside in (False, True) if at % 3 == 0 else (False,):
            _try(trial, Points(at, inside=inside), wanted, result, f"{at}{' inside' if inside else ''}")
    return result


def _spread(points: int, sample: int) -> list[int]:
    if not sample or sample >= points:
        return list(range(1, points + 1))
    return sorted({1 + round(number * (points - 1) / (sample - 1)) for number in range(sample)})


def _try(trial: Trial, points: Points, wanted: dict[str, Any], result: dict[str, Any], name: str) -> None:
    trial.empty()
    killed = trial.upgrade(points)
    result["kills"] += killed == -signal.SIGKILL
    code = trial.upgrade()
    state = trial.state()
    if code == 0 and state == wanted:
        result["recoveries"] += 1
        return
    lost = sum(len(rows) - len(state["rows"].get(table, [])) for table, rows in wanted["rows"].items())
    result["rows_lost"] += max(lost, 0)
    what = [key for key in wanted if state[key] != wanted[key]]
    output = json.loads(trial.note.read_text())["output"][-1500:]
    result["differences"].append({"point": name, "code": code, "differs": what, "output": output})


if __name__ == "__main__":
    sys.stdout.write(
        json.dumps(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])), indent=1)
    )
