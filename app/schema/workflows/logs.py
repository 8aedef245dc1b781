"""The process's logging, kept as the application set it up.

`logging.config.fileConfig`, which old `env.py` files call, switches off every logger that `alembic.ini` does not
name and puts its own handlers on the root. A web process that migrates on start would log nothing from then on.
"""

from __future__ import annotations

import logging
import logging.config
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def preserved() -> Iterator[None]:
    """Give every logger back the level, handlers and switches that it had."""
    before = {logger: _state(logger) for logger in _loggers()}
    try:
        yield
    finally:
        for logger in _loggers():
            level, handlers, propagate, disabled = before.get(logger, (logging.NOTSET, [], True, False))
            logger.setLevel(level)
            logger.handlers[:] = handlers
            logger.propagate = propagate
            logger.disabled = disabled


@contextmanager
def console(ini: str | None) -> Iterator[None]:
    """Log as the `[loggers]` section of an `alembic.ini` says, for as long as a command runs.

    :param ini: the file; one that does not exist or has no such section changes nothing.
    """
    sections = ConfigParser()
    if ini is None or not sections.read(ini) or not sections.has_section("loggers"):
        yield
        return
    with preserved():
        handlers = _install(sections)
        try:
            yield
        finally:
            for handler in handlers:
                handler.close()


def _install(sections: ConfigParser) -> list[logging.Handler]:
    """Do what `fileConfig` does, but for one step: it would also close every handler of the process."""
    stdlib: Any = logging.config
    handlers: dict[str, logging.Handler] = stdlib._install_handlers(
        sections, stdlib._create_formatters(sections)
    )
    stdlib._install_loggers(sections, handlers, False)  # noqa: FBT003  # disable_existing, positional only there
    return list(handlers.values())


def _loggers() -> list[logging.Logger]:
    known = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(logger for logger in known if isinstance(logger, logging.Logger))]


def _state(logger: logging.Logger) -> tuple[int, list[logging.Handler], bool, bool]:
    return logger.level, list(logger.handlers), logger.propagate, logger.disabled


def ini_of(config: Any) -> str | None:
    """The `alembic.ini` of an Alembic configuration, `None` if there is no such file."""
    name = config.config_file_name
    return str(name) if name and Path(name).is_file() else None
