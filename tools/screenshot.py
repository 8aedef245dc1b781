"""Take the picture of the profile page that README.md shows: `make screenshot`.

The site runs in this process on a database of its own, a person signs up in headless Chromium, and nothing stays
behind but the picture.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import main  # noqa: E402  (a program that is started by its path has to say where the application is)

TARGET = ROOT / "docs" / "images" / "profile.png"


def site(folder: Path) -> Flask:
    """Return the application on a new database at head."""
    settings = {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/site.db",
        "UPLOAD_FOLDER": str(folder / "pictures"),
    }
    app = main.create_app({"TESTING": True, **settings})
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    if result.exit_code:
        raise SystemExit(result.output)
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def portrait(path: Path) -> Path:
    """Draw somebody: a head and shoulders before an evening sky."""
    size = 512
    picture = Image.new("RGB", (size, size))
    draw = ImageDraw.Draw(picture)
    for y in range(size):
        draw.line([(0, y), (size, y)], fill=(60 + y // 4, 90 + y // 6, 160 - y // 8))
    draw.ellipse((96, 330, 416, 700), fill=(34, 40, 72))
    draw.ellipse((166, 120, 346, 350), fill=(241, 205, 172))
    draw.pieslice((156, 90, 356, 320), 180, 360, fill=(70, 44, 30))
    picture.save(path)
    return path


def fill(page: Page, address: str, picture: Path) -> None:
    """Sign up, log in and complete the profile."""
    page.goto(f"{address}/sign-up")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.locator("input[type=password]").nth(0).fill("a long enough password")
    page.locator("input[type=password]").nth(1).fill("a long enough password")
    page.get_by_role("button", name="Sign up").click()
    page.goto(f"{address}/log-in?next=/profile")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Your password").fill("a long enough password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Birth date").fill("1990-12-10")
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="Save").click()


def take() -> None:
    """Take the picture."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("No Chromium was found; `apt-get install chromium` brings one.")
    # Chromium's own sandbox refuses to run as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        served(site(Path(name))) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        page = browser.new_page(viewport={"width": 760, "height": 900})
        page.set_default_timeout(10_000)
        fill(page, address, portrait(Path(name) / "portrait.png"))
        page.goto(f"{address}/profile")
        page.screenshot(path=TARGET, full_page=True)
        browser.close()


if __name__ == "__main__":
    take()
