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

SAMPLE = int(os.environ.get("CRASH_POINTS", "6"))


@pytest.mark.timeout(1800)
def test_killed_runner_is_made_good_by_the_next(project: Project) -> None:
    module = "tests.schema.runner.crash"
    arguments = [str(project.folder), project.database.url, project.database.engine, str(SAMPLE)]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    result = json.loads(done.stdout)
    kinds = ("points", "kills", "recoveries", "rows_lost")
    print(project.database.engine, {kind: result[kind] for kind in kinds})  # noqa: T201  # `make crash` shows it
    assert result["differences"] == []
    assert result["kills"] >= min(SAMPLE or result["points"], result["points"]) - 1
    assert result["rows_lost"] == 0
