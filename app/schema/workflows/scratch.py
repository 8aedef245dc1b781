"""Scratch databases for a target: empty, beside the live one, built by its history, gone afterwards."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..dialects.scratch import scratch_engine
from ..scripts.writing import RevisionFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

    from .target import Target

_MAKES = re.compile(r"create[\s_]*(?:schema|extension)", re.IGNORECASE)
_NEAR = 60
_PUT_TOGETHER = re.compile(r"[{%]|[\"'] *\+")


def scratch_beside(target: Target) -> Callable[[Engine], AbstractContextManager[Engine]]:
    """Return a function that lends a scratch database for an engine of the target.

    It has the schemas and extensions of the live database, but those that the history makes itself.
    """

    def lend(near: Engine) -> AbstractContextManager[Engine]:
        return scratch_engine(near, _makes(target))

    return lend


def _makes(target: Target) -> Callable[[str], bool]:
    """Whether a revision seems to make a schema or extension of a name: one that exists stands in its way.

    The text is asked, not the revision: it may make it in a way that nobody can foresee.
    """
    texts: list[str] = []

    def made(name: str) -> bool:
        if not texts:
            folders = RevisionFolder.from_config(target.config)._version_locations
            files = (path for folder in folders for path in Path(folder).rglob("*.py"))
            texts.extend(text for path in files if _MAKES.search(text := path.read_text("utf-8", "replace")))
            texts.append("")
        return any(_names(text, name) for text in texts)

    return made


def _names(text: str, name: str) -> bool:
    """Whether `name` stands behind the words, or anywhere where what is behind them is put together."""
    behind = [text[match.end() : match.end() + _NEAR] for match in _MAKES.finditer(text)]
    return any(name in words or (_PUT_TOGETHER.search(words) and name in text) for words in behind)


@contextmanager
def scratch_database(near: Engine) -> Iterator[URL]:
    """Create an empty PostgreSQL database on a server, and drop it at the end.

    :param near: an engine of the server; its user needs the right to create databases.
    """
    with scratch_engine(near, lambda _name: False) as engine:
        yield engine.url
