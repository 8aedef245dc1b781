"""A shop with one table and two revisions: the smallest project that a schema command can work on."""

from __future__ import annotations

import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from app.schema import Migrate

db = SQLAlchemy()
migrate = Migrate()


class Book(db.Model):  # type: ignore[name-defined]
    """Something to sell."""

    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(100), nullable=False)
    author = db.Column(db.String(100))


def create_app(url: str | None = None) -> Flask:
    """Make the shop on a database."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = url or os.environ["DATABASE_URL"]
    db.init_app(app)
    migrate.init_app(app, db)
    return app
