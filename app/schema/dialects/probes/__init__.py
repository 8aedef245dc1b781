"""What became of a statement: a probe for each kind of operation, asked of the live database.

    steps of one statement ─ probe → answer (one for each operation) ─ together → Verdict

* `catalogue`: what is asked of a database, and its facts; `postgresql`, `mysql`, `sqlite` read them
* `answer`: what a probe is given, and the answers that most have in common
* `tables`, `columns`, `indexes`, `constraints`, `objects`, `postgresql_objects`: the probes, found by the class of the
  operation
* `shapes`: whether what is there is what was wanted
* `sessions`: whether a session still executes the statement

A probe reads, and never guesses: what the database does not show is `UNKNOWN`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from ...core.ops import DmlOp
from ...core.outcome import Outcome, Verdict, together

# Imported because importing them registers their probes.
from . import columns, constraints, indexes, objects, postgresql_objects, tables  # noqa: F401
from .answer import Look, answer, unknown
from .mysql import MySQLCatalogue
from .postgresql import PostgreSQLCatalogue
from .sqlite import SQLiteCatalogue
from .tables import ANY, names_changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from ...core.recorded import RecordedOp
    from ...core.server import Server
    from .answer import ReplacedKey
    from .catalogue import Catalogue

_CATALOGUES: dict[str, Any] = {
    "postgresql": PostgreSQLCatalogue,
    "mysql": MySQLCatalogue,
    "mariadb": MySQLCatalogue,
    "sqlite": SQLiteCatalogue,
}


def catalogue_of(connection: Connection) -> Catalogue | None:
    """Return the catalogue that a connection sees, `None` for an engine that is not known here."""
    make = _CATALOGUES.get(connection.dialect.name)
    catalogue: Catalogue | None = make(connection) if make is not None else None
    return catalogue


def probe(connection: Connection, steps: Sequence[RecordedOp], server: Server, sql: str = "") -> Verdict:
    """Look what became of one statement.

    :param connection: where it was executed, or another one to the same database. Only reads; its transaction is the
        caller's.
    :param steps: the operations that the statement stands for.
    :param sql: the statement.
    """
    catalogue = catalogue_of(connection)
    if catalogue is None or not steps:
        return unknown("What the statement leaves behind is not looked for.")
    look = _look(catalogue, steps, server, sql)
    left = [step for step in steps if not _is_replaced(step, look) and not _is_filling(step, steps)]
    renames = [step.op for step in left if isinstance(step.op, ops.RenameTableOp)]
    others = [step for step in left if not isinstance(step.op, ops.RenameTableOp)]
    verdicts = [answer(step.op, look, step) for step in others]
    if renames:
        verdicts.append(names_changed(renames, look))
    return _dropped_in_part(others, verdicts, look) or together(verdicts)


def _look(catalogue: Catalogue, steps: Sequence[RecordedOp], server: Server, sql: str) -> Look:
    look = Look(catalogue, server, sql)
    replaced = frozenset(key for step in steps if (key := _dropped(step, look))) & frozenset(
        key for step in steps for key in _created(step, look)
    )
    creates = frozenset(
        catalogue.fold(step.op.table_name) for step in steps if isinstance(step.op, ops.CreateTableOp)
    )
    now = {}
    for step in steps:
        if isinstance(step.op, ops.RenameTableOp):
            old, new = step.op.table_name, step.op.new_table_name
            if len(steps) > 1 and not catalogue.place(step.op.schema, old, *ANY):
                now[catalogue.fold(old)] = new
    return replace(look, replaced=replaced, creates=creates, now=now)


def _dropped(step: RecordedOp, look: Look) -> ReplacedKey | None:
    fold, op = look.catalogue.fold, step.op
    if isinstance(op, ops.DropTableOp):
        return ("table", fold(op.table_name), "")
    if isinstance(op, ops.DropColumnOp):
        return ("column", fold(op.table_name), fold(op.column_name))
    if isinstance(op, ops.DropConstraintOp):
        return ("constraint", fold(op.table_name), fold(str(op.constraint_name)))
    if isinstance(op, ops.DropIndexOp):
        return ("index", fold(str(op.table_name)), fold(str(op.index_name)))
    return None


def _created(step: RecordedOp, look: Look) -> list[ReplacedKey]:
    fold, op = look.catalogue.fold, step.op
    if isinstance(op, ops.CreateTableOp):
        return [("table", fold(op.table_name), "")]
    if isinstance(op, ops.AddColumnOp):
        return [("column", fold(op.table_name), fold(str(op.column.name)))]
    if isinstance(op, ops.CreateIndexOp):
        return [("index", fold(str(op.table_name)), fold(str(op.index_name)))]
    if isinstance(op, ops.CreatePrimaryKeyOp):
        # MySQL drops it under the name PRIMARY, whatever it is called.
        names = [str(op.constraint_name), "PRIMARY"]
        return [("constraint", fold(op.table_name), fold(name)) for name in names]
    if isinstance(op, (ops.CreateUniqueConstraintOp, ops.CreateCheckConstraintOp)):
        return [("constraint", fold(op.table_name), fold(str(op.constraint_name)))]
    if isinstance(op, ops.CreateForeignKeyOp):
        return [("constraint", fold(op.source_table), fold(str(op.constraint_name)))]
    return []


def _is_replaced(step: RecordedOp, look: Look) -> bool:
    return _dropped(step, look) in look.replaced


def _is_filling(step: RecordedOp, steps: Sequence[RecordedOp]) -> bool:
    """True for the rows of `CREATE TABLE … AS`: the probe of the table knows whether they come with it."""
    creates = any(isinstance(other.op, ops.CreateTableOp) and "as" in other.clauses for other in steps)
    return creates and isinstance(step.op, DmlOp)


def _dropped_in_part(steps: Sequence[RecordedOp], verdicts: Sequence[Verdict], look: Look) -> Verdict | None:
    """`DROP TABLE a, b` of MySQL and MariaDB drops one table after the other: what is left is dropped as well."""
    if look.server.transactional_ddl or not all(isinstance(step.op, ops.DropTableOp) for step in steps):
        return None
    outcomes = {verdict.outcome for verdict in verdicts}
    if outcomes != {Outcome.DONE, Outcome.NOT_DONE}:
        return None
    left = [
        step.as_(ops.DropTableOp)
        for step, verdict in zip(steps, verdicts, strict=True)
        if verdict.outcome is Outcome.NOT_DONE
    ]
    cleanup = tuple(f"DROP TABLE {look.catalogue.quoted(op.schema, op.table_name)}" for op in left)
    return Verdict(Outcome.BROKEN, "Some of the tables are dropped, and others are not.", cleanup)
