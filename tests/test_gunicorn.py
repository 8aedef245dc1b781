from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

ROOT = Path(__file__).parent.parent
GUNICORN = [sys.executable, "-m", "gunicorn"]

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def environment(**variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **variables}


@contextmanager
def served(workers: int, **variables: str) -> Iterator[str]:
    """Serve the site with gunicorn on a free port and give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    command = [*GUNICORN, "--workers", str(workers), "--bind", f"fd://{listener.fileno()}"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(**variables),
        pass_fds=[listener.fileno()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    port = listener.getsockname()[1]
    listener.close()
    try:
        _wait_until_it_answers(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        except ConnectionError:
            time.sleep(0.1)
        finally:
            connection.close()
    pytest.fail("gunicorn did not answer")


class Browser:
    """Keeps cookies, and opens a new connection for each request, so that any worker may answer."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self.address + path, timeout=10) as answer:
            return answer.read().decode()

    def submit(self, path: str, **fields: str) -> str:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.get(path))[1]
        data = urlencode({**fields, "csrf_token": token}).encode()
        with self._opener.open(self.address + path, data, timeout=10) as answer:
            return answer.read().decode()


def test_any_worker_knows_who_is_logged_in(app, tmp_path):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    folder = str(tmp_path / "pictures")
    variables = {"APP_ENV": "development", "DATABASE_URL": url, "UPLOAD_FOLDER": folder}
    with served(3, **variables) as address:
        browser = Browser(address)
        assert '"ready"' in browser.get("/readyz")
        person = {"email": "ada@example.org", "password": "a correct horse"}
        browser.submit("/sign-up", **person, display_name="Ada", repeat="a correct horse")
        browser.submit("/log-in", **person)
        assert all('value="Ada"' in browser.get("/profile") for _ in range(12))


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_gunicorn_is_production_and_says_in_one_line_what_is_missing(missing, database):
    variables = {"SECRET_KEY": "k" * 32, "DATABASE_URL": database.url}
    del variables[missing]
    result = subprocess.run(
        [*GUNICORN, "--bind", "127.0.0.1:0", "--log-level", "error"],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == (
        f"Error: Production needs {missing}; set it in the environment and start again.\n"
    )
