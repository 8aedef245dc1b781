"""Direct connections: what schema commands use where the application goes through a pooler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import ArgumentError

from ..core.errors import UsageProblem

if TYPE_CHECKING:
    from sqlalchemy import Engine

SETTING = "SCHEMA_DIRECT_URL"


@dataclass
class Direct:
    """The direct URLs of one target, by bind key. An engine is made when it is first asked for.

    :param connect_args: what the application gives to the driver, such as certificates and time limits.
    """

    urls: Mapping[str, str] = field(default_factory=dict)
    connect_args: Mapping[str, Any] = field(default_factory=dict)
    _engines: dict[str, Engine] = field(default_factory=dict, repr=False)

    def engine(self, bind: str) -> Engine | None:
        """Return the engine of a bind; `None` if the application's own is to be used.

        :raises UsageProblem: if the URL is none.
        """
        if bind not in self.urls:
            return None
        if bind not in self._engines:
            self._engines[bind] = self._made(bind)
        return self._engines[bind]

    def _made(self, bind: str) -> Engine:
        arguments = {} if bind else dict(self.connect_args)
        try:
            # No connection is kept: a command opens few, and nobody disposes of this engine.
            return create_engine(self.urls[bind], poolclass=NullPool, connect_args=arguments)
        except (ArgumentError, ImportError, ValueError) as error:
            raise UsageProblem(
                f"{SETTING} is not the URL of a database, or its driver is not installed.",
                expected="Expected for example postgresql://user:password@host:5432/name.",
            ) from error
