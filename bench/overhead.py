"""What `flask db upgrade` costs beyond stock Flask-Migrate: with nothing to do, and for 200 small revisions.

Two projects that differ in one import and in the `env.py` that each one's `flask db init` writes run the same revisions
in the same Python, each command in a process of its own, in turns (stock, ours, stock, ours, …). Prints the medians
of the wall time, their ratio, and the ratio of the processor time (user and system) of the processes themselves,
which other programs on the machine disturb less. Ends with 1 if a ratio of wall times is above its limit.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench._history import write_history  # noqa: E402  (a program started by its path says where the application is)
from bench._project import IMPORTS, Cost, Project  # noqa: E402  (likewise)
from tests.databases.mariadb import MARIADB  # noqa: E402  (likewise)
from tests.databases.postgresql import POSTGRESQL  # noqa: E402  (likewise)
from tests.databases.servers import Engine, Server, find  # noqa: E402  (likewise)

SERVED = {"postgresql": POSTGRESQL, "mariadb": MARIADB}
ENGINES = ("sqlite", *SERVED)
LIMITS = {"no-op": 1.10, "all": 1.25}


def main() -> int:
    """Print the table; 1 if a limit is passed."""
    options = _options()
    kept: list[bool] = []
    with ExitStack() as end:
        folder = Path(end.enter_context(tempfile.TemporaryDirectory()))
        projects = {name: Project.make(folder / name, package) for name, package in IMPORTS.items()}
        for project in projects.values():
            write_history(project.versions, options.revisions)
        print("| engine | upgrade | stock | ours | ratio | limit | processor time |")
        print("|---|---|---|---|---|---|---|")
        for engine in options.engines:
            new = end.enter_context(_databases(engine, folder))
            costs = _measured(projects, new, options)
            kept += [_row(engine, kind, options.revisions, costs[kind]) for kind in LIMITS]
    return 0 if all(kept) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revisions", type=int, default=200, help="how many there are in the history")
    parser.add_argument("--rounds", type=int, default=7, help="how often the whole history is run")
    parser.add_argument("--idle-rounds", type=int, default=21, help="how often nothing is to be done")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    return parser.parse_args()


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Make new, empty databases: inside the block the function that is handed out returns the URL of another one."""
    with ExitStack() as end:
        server = _server(engine) if engine in SERVED else None
        number = iter(range(10**6))

        def new() -> str:
            if server is None:
                return f"sqlite:///{folder}/{next(number)}.db"
            database = SERVED[engine].new_database(server)
            end.callback(SERVED[engine].drop_database, server, database)
            return database.url

        yield new


def _server(engine: str) -> Server:
    served: Engine = SERVED[engine]
    return find(served, os.environ, os.getpid())


def _measured(
    projects: dict[str, Project], new: Callable[[], str], options: argparse.Namespace
) -> dict[str, dict[str, list[Cost]]]:
    """Run both kinds of upgrade in both projects, in turns. The first run of each warms up and does not count."""
    whole: dict[str, list[Cost]] = {name: [] for name in projects}
    idle: dict[str, list[Cost]] = {name: [] for name in projects}
    urls = {}
    for _ in range(options.rounds + 1):
        for name, project in projects.items():
            urls[name] = new()
            whole[name].append(project.flask(urls[name], "db", "upgrade"))
    for _ in range(options.idle_rounds + 1):
        for name, project in projects.items():
            idle[name].append(project.flask(urls[name], "db", "upgrade"))
    counted = {"no-op": idle, "all": whole}
    return {kind: {name: costs[1:] for name, costs in by.items()} for kind, by in counted.items()}


def _row(engine: str, kind: str, revisions: int, costs: dict[str, list[Cost]]) -> bool:
    """Print one line; whether the ratio is within its limit."""
    stock, ours = (median(cost.wall for cost in costs[name]) for name in IMPORTS)
    busy_stock, busy_ours = (median(cost.processor for cost in costs[name]) for name in IMPORTS)
    ratio, limit = ours / stock, LIMITS[kind]
    title = f"{revisions} revisions" if kind == "all" else "nothing to do"
    times = f"{stock:.2f} s | {ours:.2f} s | {ratio:.2f} | {limit:.2f} | {busy_ours / busy_stock:.2f}"
    print(f"| {engine} | {title} | {times} |", flush=True)
    return ratio <= limit


if __name__ == "__main__":
    sys.exit(main())
