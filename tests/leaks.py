"""The leak detector: a test that leaves something behind fails, instead of a later one.

Watched: pushed contexts, database connections, the process environment, the current directory, and the levels,
switches and root handlers of logging. What leaked is repaired after it was reported, so that one test fails and not
the rest of the suite. A test of code that is known to leak says so, and why:

    @pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 2 calls fileConfig")

The words are "context", "connection", "environment", "directory" and "logging".
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import globals as flask_globals
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.pool import Pool


class Connections:
    """The database connections that were opened and not closed since the start of the test."""

    def __init__(self) -> None:
        self.open: dict[int, Pool] = {}
        self.in_use: set[int] = set()
        self.of_applications: set[Pool] = set()

    def opened(self, pool: Pool, connection: Any) -> None:
        self.open[id(connection)] = pool

    def closed(self, connection: Any) -> None:
        self.open.pop(id(connection), None)
        self.in_use.discard(id(connection))

    def leaked(self) -> list[str]:
        """Describe what is still open.

        An idle connection in the pool of a Flask-SQLAlchemy application is no leak: the pool lives as long as
        the application. An engine made by hand has to be disposed of by whoever made it.
        """
        found = []
        for key, pool in self.open.items():
            if key in self.in_use:
                found.append(f"a connection of {_owner(pool)} is in use")
            elif pool not in self.of_applications:
                found.append(f"an engine was not disposed of: {_owner(pool)}")
        return found

    def close(self) -> None:
        for pool in {*self.open.values(), *self.of_applications}:
            pool.dispose()
        self.open.clear()
        self.in_use.clear()
        self.of_applications.clear()


def _owner(pool: Pool) -> str:
    return type(pool).__name__


CONNECTIONS = Connections()


@event.listens_for(Pool, "connect")
def _connect(connection: Any, record: Any) -> None:
    CONNECTIONS.opened(record._ConnectionRecord__pool, connection)


@event.listens_for(Pool, "checkout")
def _checkout(connection: Any, record: Any, fairy: Any) -> None:
    CONNECTIONS.in_use.add(id(connection))


@event.listens_for(Pool, "checkin")
def _checkin(connection: Any, record: Any) -> None:
    CONNECTIONS.in_use.discard(id(connection))


@event.listens_for(Pool, "close")
def _close(connection: Any, record: Any) -> None:
    CONNECTIONS.closed(connection)


@event.listens_for(Pool, "close_detached")
def _close_detached(connection: Any) -> None:
    CONNECTIONS.closed(connection)


class WatchedLogging:
    """Levels and switches of all loggers, and the handlers of the root logger that are not pytest's own."""

    def __init__(self) -> None:
        self.loggers = {name: (it.level, it.disabled) for name, it in _loggers().items()}
        self.handlers = _root_handlers()

    def changes(self) -> list[str]:
        now = _loggers()
        found = [
            f"logger {name or 'root'}: (level, disabled) was {was}, is {(now[name].level, now[name].disabled)}"
            for name, was in self.loggers.items()
            if (now[name].level, now[name].disabled) != was
        ]
        if _root_handlers() != self.handlers:
            found.append(f"handlers of the root logger were {self.handlers}, are {_root_handlers()}")
        return found

    def restore(self) -> None:
        now = _loggers()
        for name, (level, disabled) in self.loggers.items():
            now[name].setLevel(level)
            now[name].disabled = disabled
        for handler in _root_handlers():
            if handler not in self.handlers:
                logging.getLogger().removeHandler(handler)


def _loggers() -> dict[str, logging.Logger]:
    known = logging.Logger.manager.loggerDict
    named = {name: it for name, it in known.items() if isinstance(it, logging.Logger)}
    return {"": logging.getLogger(), **named}


def _root_handlers() -> list[logging.Handler]:
    return [it for it in logging.getLogger().handlers if not type(it).__module__.startswith("_pytest")]


def _environment() -> dict[str, str]:
    # pytest and coverage change these themselves while a test runs.
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}


def _environment_changes(before: dict[str, str]) -> list[str]:
    now = _environment()
    changed = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
    for key in changed:
        if key in before:
            os.environ[key] = before[key]
        else:
            del os.environ[key]
    return [f"{key} was {before.get(key)!r}, is {now.get(key)!r}" for key in changed]


def _directory_changes(before: Path) -> list[str]:
    try:
        now = Path.cwd()
    except FileNotFoundError:
        now = Path("(removed)")
    os.chdir(before)
    return [] if now == before else [f"was {before}, is {now}"]


def _contexts() -> list[str]:
    found = []
    for name in ("_cv_request", "_cv_app"):
        variable = getattr(flask_globals, name, None)
        while variable is not None and (context := variable.get(None)) is not None:
            found.append(f"{type(context).__name__} is still pushed")
            context.pop()
    return found


@pytest.fixture(autouse=True)
def leak_detector(request: pytest.FixtureRequest, note_engines: None) -> Iterator[None]:
    """Fail the test that leaves something behind. Set up first and torn down last, around all other fixtures."""
    environment, directory, watched = _environment(), Path.cwd(), WatchedLogging()
    CONNECTIONS.close()
    yield
    found = {
        "context": _contexts(),
        "connection": CONNECTIONS.leaked(),
        "environment": _environment_changes(environment),
        "directory": _directory_changes(directory),
        "logging": watched.changes(),
    }
    CONNECTIONS.close()
    watched.restore()
    # The reason is a keyword that has to be there: whoever lifts the guard says why.
    allowed = {
        word for mark in request.node.iter_markers("leaks") if mark.kwargs["reason"] for word in mark.args
    }
    leaks = [f"{kind}: {what}" for kind, all_ in found.items() if kind not in allowed for what in all_]
    if leaks:
        pytest.fail("the test left something behind\n  " + "\n  ".join(leaks), pytrace=False)


@pytest.fixture(scope="session")
def note_engines() -> Iterator[None]:
    """Note the engines that Flask-SQLAlchemy makes: it disposes of none of them when an application ends."""
    make = SQLAlchemy._make_engine

    def noted(*args: Any, **kwargs: Any) -> Any:
        engine = make(*args, **kwargs)
        CONNECTIONS.of_applications.add(engine.pool)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLAlchemy, "_make_engine", noted)
        yield


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "leaks(*kinds, reason): the test is known to leave these behind; see leaks.py"
    )
