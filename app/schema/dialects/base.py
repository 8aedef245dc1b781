"""What a migration has to know about a database engine, with the cautious answer for an unknown one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection


class Dialect:
    """One database engine. A file of this package overrides what it knows better."""

    configure_args: Mapping[str, Any] = {}
    """Arguments of `context.configure` that this engine needs; the user's own arguments win."""

    @contextmanager
    def prepared(self, connection: Connection) -> Iterator[None]:
        """Make a connection fit for migrations, and give it back as it was.

        :param connection: a connection that is not in a transaction.
        """
        yield
