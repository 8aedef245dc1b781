"""Alembic's migration contexts for servers that are not connected."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.server import Server


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Keep Alembic from logging about contexts that stand for no database."""
    loggers = [logging.getLogger(f"alembic.runtime.{name}") for name in ("migration", "plugins")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def offline_context(server: Server, **options: Any) -> MigrationContext:
    """Return a context that renders for a server."""
    with silence():
        return MigrationContext(server.dialect(), None, options)
