"""Liveness and readiness.

`/livez` says that the process answers. `/readyz` says that it can serve: the database answers, and its revision is
the one that this code was written for. It costs one query, and runs no revision file. (On a server the pool asks a
kept connection first whether it still lives; a database without a version table is asked for one, too.)
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.schema import heads_of_code, revisions_of_database
from extensions import db

health = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Add both addresses to `app`."""
    app.register_blueprint(health)


@health.get("/livez")
def livez() -> ResponseReturnValue:
    """Answer 200 while the process lives. Nothing else is asked."""
    return jsonify(status="alive")


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 200 if the database answers and stands at the head of the code, else 503 that names what fails."""
    heads = list(heads_of_code(current_app))
    try:
        current = _database_revisions()
    except SQLAlchemyError as error:
        current_app.logger.error("Not ready, the database does not answer: %s", error)
        return _answer("database", None, heads)
    return _answer(None if current == heads else "revision", current, heads)


def _answer(failed: str | None, database: list[str] | None, code: list[str]) -> ResponseReturnValue:
    body: dict[str, Any] = {"status": "unavailable" if failed else "ready", "failed": failed}
    body["revision"] = {"database": database, "code": code}
    return jsonify(body), 503 if failed else 200


def _database_revisions() -> list[str]:
    arguments = current_app.extensions["migrate"].configure_args
    table = arguments.get("version_table", "alembic_version")
    with db.engine.connect() as connection:
        return list(revisions_of_database(connection, table, arguments.get("version_table_schema")))
