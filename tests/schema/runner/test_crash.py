"""A runner that is killed at any step leaves what the next one finishes: same schema, same rows.

`make crash` tries every step (`CRASH_POINTS=0`); here a sample is tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.schema.conftest import Project

SAMPLE = int(os.environ.get("CRASH_POINTS", "3"))
COUNTS = ("points", "trials", "kills", "recoveries", "rows_lost")


@pytest.mark.timeout(900 if SAMPLE else 0)
def test_killed_runner_is_made_good_by_the_next(project: Project) -> None:
    # The application uses this scheme in production; the fixture has the other one.
    url = project.database.url.replace("mysql+pymysql", "mariadb+pymysql")
    arguments = [str(project.folder), url, project.database.engine, str(SAMPLE)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.schema.runner.crash", *arguments],
        capture_output=True, text=True, check=False, cwd=Path.cwd(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for leg in json.loads(done.stdout):
        print(project.database.engine, leg["leg"], {it: leg[it] for it in COUNTS})  # noqa: T201  # `make crash` shows it
        assert leg["differences"] == []
        assert leg["rows_lost"] == 0
        assert leg["recoveries"] == leg["trials"]
        # A moment inside the last statements may come after the end.
        assert leg["kills"] >= leg["trials"] - 2
