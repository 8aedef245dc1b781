"""Statements that change rows, settings or the transaction, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alembic.operations.ops import MigrateOperation

from .tables import TableOp


@dataclass(eq=False)
class DmlOp(TableOp):
    """A statement that changes rows.

    `kind` is insert, update, delete or merge. `where` is true if a condition limits the rows (a condition that is
    always true does not count), `limited` if LIMIT, a key range or a list of keys bounds one statement to a batch.
    `columns` are those written, `from_query` is true for INSERT … SELECT.
    """

    kind: str = "update"
    where: bool = False
    limited: bool = False
    columns: tuple[str, ...] = ()
    from_query: bool = False
    sql: str = ""


@dataclass(eq=False)
class SelectOp(MigrateOperation):
    """A statement that only reads."""

    sql: str = ""
    tables: tuple[str, ...] = ()


@dataclass(eq=False)
class TransactionOp(MigrateOperation):
    """Transaction control; `kind` is begin, commit, rollback, savepoint or release."""

    kind: str


@dataclass(eq=False)
class SettingOp(MigrateOperation):
    """`SET`, `SET LOCAL`, `SET SESSION`, `PRAGMA name = value`, `SELECT set_config(…)`.

    `scope` is session, transaction, global or statement (MariaDB's SET STATEMENT); `value` is None for RESET.
    """

    name: str
    value: str | None
    scope: str = "session"


@dataclass(eq=False)
class HarmlessOp(MigrateOperation):
    """A statement that changes no table's definition and holds no lock worth naming: COMMENT, GRANT, ANALYZE, …"""

    kind: str
    table_name: str | None = None
    schema: str | None = None


@dataclass(eq=False)
class OpaqueOp(MigrateOperation):
    """Something that could not be understood: it is never taken for safe.

    `reason` completes the sentence "This cannot be judged because …". `cause` is statement (one that is not
    understood), data (the revision depends on what the database holds), import (a module that is not there), load
    (the file cannot be loaded) or stop (the function ends with an exception).
    """

    reason: str
    sql: str | None = None
    cause: Literal["statement", "data", "import", "load", "stop"] = "statement"
