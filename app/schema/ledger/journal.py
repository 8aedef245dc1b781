"""The table `schema_journal`: the steps of a revision that is under way outside of one transaction.

A revision of which all can be rolled back leaves nothing here, and one that came to its end takes its rows along in
the transaction that moves the version.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    inspect,
    null,
    select,
    update,
)

from ..core.journal import JournalStep, StepState
from ..core.own_tables import JOURNAL
from .moment import MOMENT, now

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..core.recorded import Direction

# MySQL and MariaDB take the smallest type that holds so many bytes: LONGTEXT.
_LONG = Text().with_variant(Text(2**32 - 1), "mysql", "mariadb")


@cache
def table(schema: str | None = None) -> Table:
    """Return the table.

    :param schema: where it is, `None` for the connection's own.
    """
    return Table(
        JOURNAL,
        MetaData(),
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("version_table", String(255), nullable=False),
        Column("revision", String(255), nullable=False),
        Column("direction", String(16), nullable=False),
        Column("position", Integer, nullable=False),
        Column("state", String(16), nullable=False),
        Column("digest", String(64), nullable=False),
        Column("statement", _LONG, nullable=False),
        Column("answers", _LONG, nullable=False),
        Column("started_at", MOMENT, nullable=False),
        Column("ended_at", MOMENT),
        schema=schema,
    )


class JournalStore:
    """The rows of one version table. Nothing here commits.

    :param connection: where the table is.
    :param version_table: name of the version table.
    :param schema: its schema.
    """

    def __init__(self, connection: Connection, version_table: str, schema: str | None) -> None:
        self._connection = connection
        self._version_table = version_table
        self._table = table(schema)
        self._there = False

    def create(self) -> None:
        """Create the table unless it is there. Commits, on an engine where that commits."""
        self._table.create(self._connection, checkfirst=True)
        self._there = True

    def read(self) -> list[JournalStep]:
        """Return all steps, in the order in which they ran; none, if there is no table."""
        journal = self._table
        self._there = self._there or inspect(self._connection).has_table(journal.name, schema=journal.schema)
        if not self._there:
            return []
        rows = self._connection.execute(
            select(journal).where(journal.c.version_table == self._version_table).order_by(journal.c.id)
        )
        return [
            JournalStep(
                revision=row.revision,
                direction=row.direction,
                position=row.position,
                statement=row.statement,
                digest=row.digest,
                state=StepState(row.state),
                id=row.id,
                answers=row.answers,
            )
            for row in rows
        ]

    def add(self, step: JournalStep) -> None:
        """Write a step down; its `id` is set."""
        if not self._there:
            self.create()
        values = {
            "version_table": self._version_table,
            "revision": step.revision,
            "direction": step.direction,
            "position": step.position,
            "state": step.state.value,
            "digest": step.digest,
            "statement": step.statement,
            "answers": step.answers,
        }
        ended = step.state is StepState.DONE
        statement = _insertion(self._table.schema, self._connection.dialect.name, ended=ended)
        key = self._connection.execute(statement, values).inserted_primary_key
        step.id = key[0] if key is not None else None

    def mark(self, step: JournalStep, state: StepState) -> None:
        """Write down how a step ended."""
        step.state = state
        statement = _ending(self._table.schema, self._connection.dialect.name)
        self._connection.execute(statement, {"step": step.id, "as": state.value})

    def remove(self, step: JournalStep) -> None:
        """Forget a step, so that it is done again."""
        self._connection.execute(delete(self._table).where(self._table.c.id == step.id))

    def clear(self, revision: str, direction: Direction) -> None:
        """Forget the steps of a revision that came to its end."""
        of = {"its_table": self._version_table, "its_revision": revision, "its_direction": direction}
        self._connection.execute(_clearing(self._table.schema), of)


# To build a statement takes as long as to send it, and each revision sends these again.


@cache
def _insertion(schema: str | None, engine: str, *, ended: bool) -> Any:
    moments = {"started_at": now(engine), "ended_at": now(engine) if ended else null()}
    return insert(table(schema)).values(moments)


@cache
def _ending(schema: str | None, engine: str) -> Any:
    journal = table(schema)
    return (
        update(journal)
        .where(journal.c.id == bindparam("step"))
        .values(state=bindparam("as"), ended_at=now(engine))
    )


@cache
def _clearing(schema: str | None) -> Any:
    journal = table(schema)
    return delete(journal).where(
        journal.c.version_table == bindparam("its_table"),
        journal.c.revision == bindparam("its_revision"),
        journal.c.direction == bindparam("its_direction"),
    )
