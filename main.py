"""The application factory."""

from __future__ import annotations

from typing import Any

from flask import Flask

import models  # noqa: F401  (the tables must be known before a schema command compares them)
from config import Development
from extensions import csrf, db, limiter, login_manager, migrate


def create_app(config: Any = None) -> Flask:
    """Wire the application together."""
    app = Flask(__name__, template_folder="app/templates", static_folder="app/static")
    app.config.from_object(config or Development)
    db.init_app(app)
    migrate.init_app(app, db)
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    return app
