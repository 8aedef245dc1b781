"""A scratch database on the server that the target is connected to, built by the history, gone afterwards."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, make_url, text

from .target import WATCH
from .upgrade import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

    from .target import Target


@contextmanager
def scratch_database(near: Engine) -> Iterator[URL]:
    """Create an empty PostgreSQL database on a server, and drop it at the end.

    :param near: an engine of the server; its user needs the right to create databases.
    """
    name = f"scratch_{secrets.token_hex(6)}"
    server = create_engine(near.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield near.url.set(database=name)
        finally:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    server.dispose()


def build(target: Target, url: URL | str, revisions: Sequence[str]) -> None:
    """Bring a scratch database to revisions by running the history.

    :raise SchemaError: the history does not build from an empty database.
    """
    engine = create_engine(make_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        config = copy(target.config)
        config.attributes = {**target.config.attributes, "connection": connection}
        config.attributes.pop(WATCH, None)
        unprotected = replace(target.settings, protected=False)
        there = replace(target, config=config, console=False, settings=unprotected)
        for revision in revisions:
            upgrade(there, revision)
        connection.commit()
    engine.dispose()
