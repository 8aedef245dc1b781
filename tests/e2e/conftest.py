"""A real server and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium; the test is skipped where there is none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = "No Chromium was found; `apt-get install chromium` brings one."
        (pytest.fail if os.environ.get("REQUIRE_ALL_DATABASES") == "1" else pytest.skip)(reason)
    # Chromium's own sandbox refuses to run as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def site(make_app, app) -> Flask:
    """The application on the database of `app`, with CSRF protection."""

    class Here:
        url = app.config["SQLALCHEMY_DATABASE_URI"]

    return make_app(Here, WTF_CSRF_ENABLED=True)


@pytest.fixture
def page(site: Flask, chromium: Browser) -> Iterator[Page]:
    """A page of a browser that has never been here, without JavaScript, on the width of a telephone."""
    with _serving(site) as address:
        context = chromium.new_context(
            base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 740}
        )
        expect.set_options(timeout=10_000)
        yield context.new_page()
        context.close()


@contextmanager
def _serving(site: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site, threaded=True)
    server.daemon_threads = False  # closing waits for the requests that still run
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
