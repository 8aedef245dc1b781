"""Scratch databases: empty, on the same server as a live one and made like it, gone afterwards.

One file for each engine says how such a database is made and what it takes over; `beside` connects to it the way the
application connects to the live one.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from importlib import import_module, util
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from ...core.errors import SchemaError
from .beside import beside
from .ending import ended_in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

PREFIX = "scratch_"
"""How the names of scratch databases begin."""


class NoScratchDatabase(SchemaError):
    """A scratch database cannot be had."""


@contextmanager
def scratch_engine(near: Engine, made_later: Callable[[str], bool]) -> Iterator[Engine]:
    """Make a scratch database, and drop it at the end of the block, whatever ends the block.

    :param near: an engine of the live database, whose user needs the right to create databases; on SQLite the
        scratch database is in memory.
    :param made_later: whether a schema or an extension of the live database will be made by whoever uses the scratch
        database. All others are made here.
    :raises NoScratchDatabase: names the right that is missing.
    """
    maker = maker_of(near.dialect.name)
    name = PREFIX + secrets.token_hex(6)
    with ended_in_order(), _created(maker, near, name), beside(near, maker.place(near.url, name)) as engine:
        with engine.connect() as scratch:
            _require(maker, scratch, name)
            with beside(near, near.url) as same, same.connect() as live:
                maker.furnish(live, scratch, made_later)
                live.rollback()
            scratch.commit()
        yield engine


def maker_of(engine: str) -> Any:
    """What is known about scratch databases of an engine.

    :param engine: name of SQLAlchemy's dialect.
    :raises NoScratchDatabase: nothing is.
    """
    module = f"{__name__}.{'mysql' if engine == 'mariadb' else engine}"
    if not engine.isidentifier() or util.find_spec(module) is None:
        raise NoScratchDatabase(f"A scratch database cannot be made on {engine}.")
    return import_module(module)


@contextmanager
def _created(maker: Any, near: Engine, name: str) -> Iterator[None]:
    """Create the database with connections of its own: that of the caller may be in a transaction."""
    if not maker.SERVED:
        yield
        return
    with _outside_of_transactions(near) as server:
        try:
            maker.create(server, name)
        except DBAPIError as error:
            refusal = maker.refusal(error, server)
            if refusal is None:
                raise
            found, hint = refusal
            raise NoScratchDatabase(
                found,
                expected="The history is replayed on a scratch database beside the live one, which is dropped "
                "afterwards.",
                hint=hint,
            ) from error
    try:
        yield
    finally:
        with _outside_of_transactions(near) as server:
            maker.drop(server, name)


@contextmanager
def _outside_of_transactions(near: Engine) -> Iterator[Connection]:
    with beside(near, near.url) as engine, engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _require(maker: Any, connection: Connection, name: str) -> None:
    """Refuse to take another database for the scratch one: an engine may have a way of its own to connect.

    :raises NoScratchDatabase: the connection leads elsewhere.
    """
    found = maker.current(connection)
    if found != maker.called(name):
        raise NoScratchDatabase(
            f"A connection to the scratch database '{name}' led to '{found}'.",
            hint="Leave `creator` out of SQLALCHEMY_ENGINE_OPTIONS: it connects to the same database whatever it is "
            "asked for.",
        )
