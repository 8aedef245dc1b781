"""How the application opens SQLite.

Foreign keys are enforced, a reader and a writer do not block each other (WAL), a writer waits its turn, and a
transaction is what the program says it is: `BEGIN` is sent when SQLAlchemy begins, and Python's driver, which by
default starts a transaction only before a change of rows, never begins or commits on its own. Only so does a failed
schema change leave nothing behind.
Source: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html, "Transactions with SQLite and the sqlite3 driver".
"""

from __future__ import annotations

import sqlite3

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event

BUSY_TIMEOUT_MILLISECONDS = 5000

# Execution option of a connection: "IMMEDIATE" takes the write lock with BEGIN. A transaction that reads first and
# writes later fails at once, whatever the timeout, if another one wrote in between.
BEGIN_OPTION = "sqlite_begin"


def init_app(app: Flask, db: SQLAlchemy) -> None:
    """Apply these settings to every SQLite engine of `app`. No connection is opened."""
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                configure(engine)


def configure(engine: Engine) -> None:
    """Apply these settings to one SQLite engine."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    try:
        _set_up(connection)
    except sqlite3.Error:
        connection.close()  # the pool forgets a connection whose set-up failed without closing it
        raise


def _set_up(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        _use_wal(connection)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, which it then keeps. A file that may only be read stays as it is."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            raise


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    # The pool puts the driver's own mode back after a connection that was used in AUTOCOMMIT.
    connection.connection.dbapi_connection.isolation_level = None
    connection.exec_driver_sql(f"BEGIN {options.get(BEGIN_OPTION, 'DEFERRED')}")
