"""An engine for another database that connects as a given engine does.

Certificates, time limits, `SET sql_mode`, functions that a CHECK calls: what the application says when it connects is
said here too, so that the same statements make the same schema.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, StaticPool, create_engine, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL, Engine


@contextmanager
def beside(engine: Engine, url: URL) -> Iterator[Engine]:
    """Lend an engine that keeps no connection, but the one of a database in memory.

    :param engine: what it is like: the arguments of its driver and the listeners of its pool count here too.
    :param url: where it connects to; differs from the engine's own URL in the database at most.
    """
    pool, here = engine.pool.recreate(), threading.local()
    redirect = _redirection(engine, url, here)

    def connect() -> Any:
        here.asked = True
        try:
            borrowed: Any = pool.connect()
        finally:
            here.asked = False
        driver = borrowed.dbapi_connection
        borrowed.detach()
        return driver

    kept = StaticPool if url.get_backend_name() == "sqlite" and _in_memory(url) else NullPool
    made = create_engine(url, creator=connect, poolclass=kept)
    event.listen(engine, "do_connect", redirect)
    try:
        yield made
    finally:
        event.remove(engine, "do_connect", redirect)
        made.dispose()
        pool.dispose()


def _in_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:")


def _redirection(engine: Engine, url: URL, here: threading.local) -> Callable[..., Any]:
    """A listener that changes, of all that the driver is told, what differs between the two URLs."""
    _, before = engine.dialect.create_connect_args(engine.url)
    arguments, after = engine.dialect.create_connect_args(url)
    changed = {key: after.get(key) for key in {*before, *after} if before.get(key) != after.get(key)}

    def do_connect(dialect: Any, _record: Any, _arguments: Any, given: dict[str, Any]) -> Any:
        if not getattr(here, "asked", False):
            return None
        told = {
            key: value
            for key, value in {**given, **changed}.items()
            if value is not None or key not in changed
        }
        return dialect.connect(*arguments, **told)

    return do_connect
