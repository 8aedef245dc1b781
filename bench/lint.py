"""How long `flask db lint` takes: a history of 1,000 revisions, and one pending revision on top of it.

Prints seconds of wall time, the best of several runs, and the start of `flask` in the same run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench._history import write_history  # noqa: E402  (a program started by its path says where the application is)

REVISIONS = 1000
RUNS = 3


def seconds(*arguments: str) -> float:
    """Return the shortest of several runs of `flask …`."""
    command = [sys.executable, "-m", "flask", "--app", "main", *arguments]
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_history(folder, REVISIONS + 1)
        judge = ("db", "lint", "-d", name, "--targets", "postgresql:15", "--fail-on", "never")
        start = seconds("db", "list-templates")
        print(f"start of flask (flask db list-templates)         {start:6.2f} s")
        whole = seconds(*judge, "base:head")
        print(f"a history of {REVISIONS + 1:,} revisions                    {whole:6.2f} s   (limit 5 s)")
        one = seconds(*judge, "head")
        print(f"one revision on top of {REVISIONS:,}, beyond the start  {one - start:6.2f} s   (limit 1 s)")


if __name__ == "__main__":
    main()
