"""How gunicorn serves the site; it reads this file by itself when it is started in this folder.

`WEB_CONCURRENCY` sets the number of workers. Address, log level and anything else are options of gunicorn
(`gunicorn --bind 0.0.0.0:8000`). Sessions are signed cookies, so that any worker can answer any request.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from config import ConfigurationError, load, server

_SERVER = server()

wsgi_app = f"main:create_app({_SERVER['environment']!r})"
workers = _SERVER["workers"]
# Threads, so that a browser that sends its picture slowly does not hold a whole worker.
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 30
accesslog = "-"
# A worker shows that it lives by touching a file; on a disk that can stall, it would be killed for the disk's sake.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (memory, and a random name in it)
# Nothing here is managed through gunicorn's socket.
control_socket_disable = True


def on_starting(arbiter: Any) -> None:
    """Refuse in one line to start with a wrong configuration, before a worker is started that would only die."""
    chosen = _SERVER["environment"] if arbiter.app.app_uri == wsgi_app else None
    try:
        settings = load(chosen)
    except ConfigurationError as error:
        sys.exit(f"Error: {error.message}")
    if arbiter.cfg.workers > 1 and settings["RATELIMIT_STORAGE_URI"].startswith("memory:"):
        arbiter.log.warning(
            "Each of %s workers counts attempts to log in for itself; RATELIMIT_STORAGE_URI names a common place.",
            arbiter.cfg.workers,
        )
