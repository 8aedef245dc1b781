"""Run a database server for as long as a test session lives, then remove its folder.

    python keeper.py SESSION_PID FOLDER USER_OR_EMPTY COMMAND...

A process of its own, because a session can be killed at any moment and because with several test workers none of
them is sure to be the last. Only the standard library is imported: this starts before anything else.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def keep(session: int, folder: Path, user: str | None, command: list[str]) -> None:
    # Ctrl-C in the terminal reaches the session; the keeper goes on until it has cleaned up behind it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=user, start_new_session=True
        )
    (folder / "server.pid").write_text(str(server.pid))
    while lives(session) and server.poll() is None:
        time.sleep(0.2)
    if lives(session):
        return  # The server stopped by itself: its folder holds the reason, which the session reports.
    server.kill()  # Nothing in this folder is needed any more, so an orderly shutdown would be lost time.
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] or None, sys.argv[4:])
