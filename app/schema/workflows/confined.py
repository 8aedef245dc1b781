"""Keeps revisions that are replayed on scratch databases inside them.

A revision is a program: it may use `db.session` or an engine of its own, name another database of the server, or
create a role. None of that may reach the live database, or any other, because somebody asked a question.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from ..core.errors import SchemaError
from ..core.statement import StatementKind, kind
from ..core.statement_text import cleaned, dialect_of
from ..dialects.scratch import maker_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

_INSTEAD = "SELECT 1"


class Trespass(SchemaError):
    """A revision would change something beside its scratch database."""


class Confined:
    """Watches every statement that this thread sends while a revision runs.

    :ivar schema_touched: whether one of them was more than a change of rows.
    """

    def __init__(self) -> None:
        self._neighbours: dict[Any, Sequence[str]] = {}
        self._thread = get_ident()
        self._running = False
        self.schema_touched = False

    def admit(self, scratch: Connection) -> None:
        """Let statements through that go to the database of this connection."""
        self._neighbours[scratch.engine.pool] = maker_of(scratch.dialect.name).neighbours(scratch)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch inside the block, whichever engine a revision makes."""
        event.listen(Engine, "before_cursor_execute", self._on_statement, retval=True)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._on_statement)

    def begin(self) -> None:
        """Note that a revision begins to run."""
        self._running, self.schema_touched = True, False

    def end(self) -> None:
        """Note that it is over."""
        self._running = False

    def _on_statement(
        self, connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        """Return the statement to send.

        :raises Trespass: it would change something elsewhere.
        """
        if not self._running or get_ident() != self._thread:
            return statement, parameters
        name = connection.dialect.name
        weight = kind(statement, dialect_of(name))
        neighbours = self._neighbours.get(connection.engine.pool)
        if neighbours is None:
            if weight >= StatementKind.DATA:
                raise _elsewhere(connection)
            return statement, parameters
        self.schema_touched |= weight != StatementKind.DATA
        return self._inside(name, statement, parameters, neighbours)

    @staticmethod
    def _inside(name: str, statement: str, parameters: Any, neighbours: Sequence[str]) -> tuple[str, Any]:
        maker, plain = maker_of(name), cleaned(statement, dialect_of(name), names=True)
        if maker.about_the_server(plain):
            # What the server has, it has already: the live database is on it.
            return _INSTEAD, ()
        foreign = (
            maker.trespass(plain, neighbours)
            if kind(statement, dialect_of(name)) != StatementKind.READ
            else None
        )
        if foreign is not None:
            raise Trespass(
                f"It names another database, '{foreign}', and a replay must not touch that.",
                hint="Compare this history on a server of its own.",
            )
        return statement, parameters


def _elsewhere(connection: Connection) -> Trespass:
    return Trespass(
        f"It writes over a connection of its own to '{connection.engine.url.database}', past `op`, and a replay must "
        "not touch that.",
        hint="Write `op.get_bind()` or `op.execute()` in place of `db.session` and `db.engine`.",
    )
