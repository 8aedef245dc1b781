"""The application factory: wiring, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import models  # noqa: F401  (the tables must be known before a schema command compares them)
from app import accounts, errors, health, pages, security, sqlite
from config import load
from extensions import csrf, db, limiter, login_manager, migrate

ROOT = Path(__file__).resolve().parent


def create_app(config: str | type | Mapping[str, Any] | None = None) -> Flask:
    """Wire the application together.

    :param config: the name of an environment, a class of settings, a mapping laid over the environment's settings,
        or `None` for what the process environment says; see `config.load`.
    :raises config.ConfigurationError: if a setting is missing or wrong.
    """
    app = Flask(__name__, template_folder="app/templates", static_folder="app/static")
    app.config.from_mapping(load(config))
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    db.init_app(app)
    sqlite.init_app(app, db)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    for part in (security, errors, pages, health, accounts):
        part.init_app(app)
    return app
