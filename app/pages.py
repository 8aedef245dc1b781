"""Pages that belong to no account."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

pages = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Add the pages to `app`."""
    app.register_blueprint(pages)


@pages.get("/")
def index() -> str:
    """Say what this site is and where to begin."""
    return render_template("index.html")
