"""Configuration for each environment. The one place where the process environment is read."""

from __future__ import annotations

import os


class Development:
    """A laptop: SQLite in the instance folder."""

    SECRET_KEY = "development"
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL", "sqlite:///app.db")


class Testing(Development):
    """The test suite; each test brings its own database."""

    TESTING = True
