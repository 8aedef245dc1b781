"""`bench/overhead.py` runs both projects on each engine and prints a line for each kind of upgrade."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ("--revisions", "4", "--rounds", "1", "--idle-rounds", "1")
TIMES = r"\d+\.\d\d s \| \d+\.\d\d s \| \d+\.\d\d \| \d\.\d\d \| \d+\.\d\d \|"


@pytest.mark.usefixtures("database")  # which skips an engine that is not here
def test_prints_a_line_for_each_kind_of_upgrade(engine_name: str) -> None:
    command = [sys.executable, "bench/overhead.py", *SMALL, "--engines", engine_name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    # Whether the limits are kept says 0 or 1; so few rounds beside other tests tell nothing about that.
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    head, rule, idle, whole = done.stdout.splitlines()
    assert head == "| engine | upgrade | stock | ours | ratio | limit | processor time |"
    assert rule == "|---|---|---|---|---|---|---|"
    assert re.fullmatch(rf"\| {engine_name} \| nothing to do \| {TIMES}", idle)
    assert re.fullmatch(rf"\| {engine_name} \| 4 revisions \| {TIMES}", whole)
