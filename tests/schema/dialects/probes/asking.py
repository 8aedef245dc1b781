"""Runs operations or SQL, and asks before and after each statement what became of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool, create_engine, event

from app.schema.core.outcome import Outcome, Verdict
from app.schema.core.statement import StatementKind, kind
from app.schema.runner.recovery import settled
from tests.databases.servers import Database


@dataclass(frozen=True)
class Asked:
    """One statement that changes the schema, and the answers from right before and right after it."""

    sql: str
    before: Verdict
    after: Verdict

    def __str__(self) -> str:
        return f"{self.sql}\n  before: {self.before}\n  after: {self.after}"


class Bench:
    """One database with two connections: one that changes the schema statement by statement, and one that asks."""

    def __init__(self, changing: sa.Connection, asking: sa.Connection) -> None:
        self.changing = changing
        self.asking = asking

    def run(self, *statements: str) -> None:
        """Run statements without asking, on PostgreSQL in one go."""
        at_once = self.changing.dialect.name == "postgresql"
        for sql in ["; ".join(statements)] if at_once else statements:
            self.changing.exec_driver_sql(sql)

    def ask(self, sql: str) -> Verdict:
        """Ask what became of a statement; MariaDB shows one for a moment after it has answered."""
        verdict = settled(self.asking, sql, None, 20, lambda line: None)
        assert not self.asking.in_transaction()
        return verdict

    def asked_around(self, sql: str) -> Asked:
        """Run one statement, and ask before and after."""
        before = self.ask(sql)
        self.changing.exec_driver_sql(sql)
        return Asked(sql, before, self.ask(sql))

    def asked_around_operations(self, body: str) -> list[Asked]:
        """Run the body of an `upgrade()`, and ask around each statement that changes the schema."""
        found: list[Asked] = []
        pending: list[tuple[str, Verdict]] = []

        def before(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
            if kind(sql, self.changing.dialect.name) is StatementKind.SCHEMA:
                pending.append((sql, self.ask(sql)))

        def after(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
            if pending:
                found.append(Asked(*pending.pop(), self.ask(sql)))

        event.listen(self.changing, "before_cursor_execute", before)
        event.listen(self.changing, "after_cursor_execute", after)
        try:
            self.operate(body)
        finally:
            event.remove(self.changing, "before_cursor_execute", before)
            event.remove(self.changing, "after_cursor_execute", after)
        return found

    def operate(self, body: str) -> None:
        """Run the body of an `upgrade()`."""
        with Operations.context(MigrationContext.configure(self.changing)) as op:
            exec(textwrap.dedent(body), {"op": op, "sa": sa})  # noqa: S102  # the test's own text


@contextmanager
def bench(database: Database) -> Iterator[Bench]:
    """Open the two connections."""
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    other = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as changing, other.connect() as asking:
        yield Bench(changing, asking)


def outcomes(asked: Asked) -> tuple[Outcome, Outcome]:
    """The two answers."""
    return asked.before.outcome, asked.after.outcome
