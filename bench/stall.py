"""How long a running site waits while its schema changes: stock Flask-Migrate and this one, change by change.

Two writers and two readers, processes of their own, work on a table of three million rows at a steady rate: one row by
its key in each transaction, every fourth time in the small table that the large one refers to. Meanwhile
`flask db upgrade` makes a change: once as one writes and runs it with stock Flask-Migrate, once in the form that does
not block, run by this one. Each run has a new copy of the tables.

A stall is the longest time that one operation of one client took, from sending it to its answer, while the command ran.
The table says it for writers and readers, with what 99 of 100 writes took at most, and the longest gap in which no
writer at all finished anything; milliseconds, all of them.

What is promised: no writer stalls for longer than 100 ms beyond what it stalls for without any change, measured in the
same run. A change that misses that is run up to three times; all results are printed, and the middle one counts. Ends
with 1 if the promise is not kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench._changes import Change, write_revisions  # noqa: E402  (a program started by its path says where it is)
from bench._load import Seen  # noqa: E402  (likewise)
from bench._project import IMPORTS, Project  # noqa: E402  (likewise)
from bench._tables import ENGINES, Tables  # noqa: E402  (likewise)

PROMISE = 100.0
"""Milliseconds that a writer may stall beyond the idle load."""

AFTER = 0.3
"""Seconds behind the end of a command that still count."""


@dataclass(frozen=True)
class Run:
    """One change, made once: what the clients saw and how many seconds the command took."""

    seen: Seen
    took: float


@dataclass
class Bench:
    """What the benchmark works with on one engine."""

    tables: Tables
    folder: Path
    options: argparse.Namespace
    projects: dict[str, Project]
    baseline: Seen = field(init=False)
    misses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> bool:
        """Print the table; whether the promise was kept."""
        options = self.options
        self.baseline = self._idle()
        print(f"\n### {self.tables.name}, {options.rows:,} rows\n")
        print(
            "| change | stock: write | read | p99 | gap | took | ours: write | read | p99 | gap | took | stock : ours |"
        )
        print("|---|" + "---:|" * 11)
        idle = self.baseline
        print(f"| no change | {_times(idle)} | | | | | | | |", flush=True)
        for change in self.tables.changes:
            if options.only is None or options.only in change.name:
                self._change(change)
        for line in self.notes:
            print(f"\n{line}")
        return not self.misses

    def _idle(self) -> Seen:
        with self.tables.fresh() as url, self.tables.load(url, self.options.rate) as load:
            begin = time.monotonic()
            time.sleep(self.options.idle)
            return load.seen(begin, time.monotonic())

    def _change(self, change: Change) -> None:
        stock = self._made(change, "stock")
        ours = [self._made(change, "ours")]
        while self._missed(ours) and len(ours) < self.options.attempts:
            ours.append(self._made(change, "ours"))
        middle = sorted(ours, key=lambda run: run.seen.write)[len(ours) // 2]
        ratio = stock.seen.write / middle.seen.write
        cells = f"{_times(stock.seen)} | {stock.took:.1f} s | {_times(middle.seen)} | {middle.took:.1f} s"
        print(f"| {change.name} | {cells} | {ratio:.1f} |", flush=True)
        self._say(change, stock, ours)

    def _missed(self, runs: list[Run]) -> bool:
        return median(run.seen.write for run in runs) > self.baseline.write + PROMISE

    def _say(self, change: Change, stock: Run, ours: list[Run]) -> None:
        if len(ours) > 1:
            stalls = ", ".join(f"{run.seen.write:.0f}" for run in ours)
            self.notes.append(f"'{change.name}' was run {len(ours)} times: writers stalled for {stalls} ms.")
        if self._missed(ours):
            self.misses.append(change.name)
            limit = f"{self.baseline.write:.0f} + {PROMISE:.0f} ms"
            self.notes.append(f"MISSED: '{change.name}' kept a writer waiting for longer than {limit}.")
        for name, runs in (("stock Flask-Migrate", [stock]), ("this one", ours)):
            failed = sum(run.seen.failed for run in runs)
            if failed:
                self.notes.append(f"'{change.name}': {failed} operations failed with {name}.")

    def _made(self, change: Change, variant: str) -> Run:
        with ExitStack() as end:
            folder = Path(end.enter_context(tempfile.TemporaryDirectory(dir=self.folder)))
            project = self.projects[variant].copied(folder / "project")
            write_revisions(project.versions, change.ours if variant == "ours" else change.stock)
            url = end.enter_context(self.tables.fresh())
            load = end.enter_context(self.tables.load(url, self.options.rate))
            begin = time.monotonic()
            with project.started(url, "db", "upgrade") as command:
                if change.held:
                    self.tables.hold_open(url, self.options.hold, lambda: command.poll() is None)
                command.wait(self.options.patience)
            took = time.monotonic() - begin
            time.sleep(AFTER)
            return Run(load.seen(begin, time.monotonic()), took)


def _times(seen: Seen) -> str:
    return f"{seen.write:.0f} | {seen.read:.0f} | {seen.write_p99:.0f} | {seen.gap:.0f}"


def main() -> int:
    """Print a table for each engine; 1 if the promise was not kept on one of them."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        projects = {variant: Project.make(folder / variant, package) for variant, package in IMPORTS.items()}
        kept = []
        for engine in options.engines:
            with ENGINES[engine](projects["stock"], options.rows, folder) as tables:
                kept.append(Bench(tables, folder, options, projects).run())
    return 0 if all(kept) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=3_000_000, help="of the large table")
    parser.add_argument(
        "--rate", type=float, default=100, help="operations in a second of each of the four clients"
    )
    parser.add_argument("--idle", type=float, default=20, help="seconds of load without any change")
    parser.add_argument("--hold", type=float, default=5, help="seconds that a reader keeps the table open")
    parser.add_argument("--patience", type=float, default=900, help="seconds that one command may take")
    parser.add_argument(
        "--engines", nargs="+", choices=sorted(ENGINES), default=sorted(ENGINES, reverse=True)
    )
    parser.add_argument(
        "--attempts", type=int, default=3, help="how often a change is run that misses the promise"
    )
    parser.add_argument("--only", metavar="WORDS", help="changes with these words in their name")
    parser.add_argument(
        "--quick", action="store_true", help="a few rows and short waits, to see that all of it runs"
    )
    options = parser.parse_args()
    if options.quick:
        options.rows, options.idle, options.hold, options.attempts = min(options.rows, 2000), 1.0, 0.5, 1
    return options


if __name__ == "__main__":
    sys.exit(main())
