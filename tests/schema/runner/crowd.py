"""Starts several runners of one project at the same moment, each in a process of its own.

    python -m tests.schema.runner.crowd FOLDER URL NUMBER SIGNAL SETTINGS COMMAND...

They are forked from this process, which has imported everything once and has no thread. With a SIGNAL other than 0
the runner that writes its number into the file `victim` in FOLDER is sent it. Prints a JSON list with the exit code
and the stderr of each; the code of one that a signal ended is negative.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.databases.servers import Database
from tests.schema.conftest import Project


def crowd(
    project: Project, *arguments: str, number: int = 8, sent: int = 0, **settings: Any
) -> list[dict[str, Any]]:
    """Run a command in several processes at once; see above."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.schema.runner.crowd",
            str(project.folder),
            project.database.url,
            str(number),
            str(int(sent)),
            json.dumps(settings),
            *arguments,
        ],
        cwd=Path.cwd(),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def child(folder: Path, url: str, number: int, settings: dict[str, Any], arguments: list[str]) -> int:
    project = Project(Database("", url), folder, **settings)
    (folder / f"{os.getpid()}.ready").touch()
    while len(list(folder.glob("*.ready"))) < number:
        time.sleep(0.01)
    result = project.flask(*arguments, ok=False)
    (folder / f"{os.getpid()}.json").write_text(json.dumps(result.stderr))
    return result.exit_code


def main(
    folder: Path, url: str, number: int, sent: int, settings: dict[str, Any], arguments: list[str]
) -> None:
    pids = []
    for _ in range(number):
        pid = os.fork()
        if pid == 0:
            os._exit(child(folder, url, number, settings, arguments))
        pids.append(pid)
    if sent:
        victim = folder / "victim"
        while not victim.exists() or not victim.read_text():
            time.sleep(0.01)
        os.kill(int(victim.read_text()), sent)
    runners = []
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        note = folder / f"{pid}.json"
        stderr = json.loads(note.read_text()) if note.exists() else ""
        runners.append({"pid": pid, "code": os.waitstatus_to_exitcode(status), "stderr": stderr})
    sys.stdout.write(json.dumps(runners))


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        sys.argv[2],
        int(sys.argv[3]),
        int(sys.argv[4]),
        json.loads(sys.argv[5]),
        sys.argv[6:],
    )
