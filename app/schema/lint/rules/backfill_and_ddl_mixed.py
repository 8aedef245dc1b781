"""Changing rows and the schema in one revision holds the table locked for as long as the rows take.

What it flags
    An UPDATE, DELETE, MERGE or INSERT … SELECT of an open number of rows beside a change of an existing table, in one
    transaction (PostgreSQL) or one revision (MySQL, MariaDB).
Why it hurts
    PostgreSQL keeps the lock of ALTER TABLE until the transaction ends: nobody can use the table while the rows are
    changed. MySQL and MariaDB commit at each ALTER: if the revision stops half-way, it cannot simply run again.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("plan", sa.String(20)))
        op.execute("UPDATE account SET plan = 'free'")
Instead
    Change the schema in one revision:

        op.add_column("account", sa.Column("plan", sa.String(20)))

    Change the rows in the next, in batches:

        with op.get_context().autocommit_block():
            op.execute("UPDATE account SET plan = 'free' WHERE id BETWEEN 1 AND 1000")
When it is fine
    The tables are new in the revision, known to be small (`--live`), or the engine is SQLite.
References
    strong_migrations, "Backfilling data"; eugene E4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.copies import mentions
from ...core.dml import TABLE_CHANGES, batches, is_bounded
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ..rule import MYSQL_FAMILY, POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="backfill-and-ddl-mixed",
    severity=Severity.ERROR,
    engines=(*POSTGRESQL, *MYSQL_FAMILY),
    ops=(DmlOp,),
    new_tables=True,
    supersedes=(
        "mutation-without-where",
        "unbatched-backfill",
        "pg-work-after-strong-lock",
        "my-implicit-commit",
    ),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a statement on many rows in the company of a schema change."""
    change = next(_changes(step, around), None)
    if change is None or not _takes_long(step, around):
        return
    op = step.as_(DmlOp)
    yield around.finding(
        step,
        _consequence(step, change, around),
        f"Leave the {op.kind.upper()} out; change the rows in a revision of its own after this one, in batches:",
        code=f"# revision 2, after {around.recording.revision}\n{batches(op, around.table(step))}",
    )


def _consequence(step: RecordedOp, change: RecordedOp, around: Surroundings) -> str:
    kind = step.as_(DmlOp).kind.upper()
    where = f"line {change.line}"
    rows = f"{step.table}{around.size(step.table)}"
    if around.server.engine != "postgresql":
        return (
            f"If this {kind} of {rows} stops half-way, the change of {change.table} in {where} is committed or missing "
            "without it: the revision can neither go on nor be taken back."
        )
    if change in around.earlier:
        return (
            f"{change.table} stays locked by the change in {where} until this {kind} of {rows} is done: the more rows, "
            "the longer the application waits."
        )
    return (
        f"The rows of {rows} that this {kind} changes stay locked while the change of {change.table} in {where} "
        "waits for the table, and the application waits behind both."
    )


def _takes_long(step: RecordedOp, around: Surroundings) -> bool:
    op = step.as_(DmlOp)
    if op.kind == "insert":
        text = (op.sql or step.sql or "").lower().partition("select")[2]
        reads = (t for t in around.state.tables.values() if t.created_in != around.recording.revision)
        named = (table for table in reads if op.from_query and mentions(text, table.name))
        return any(not is_bounded(replace(op, where=True), table, around.facts, table.key) for table in named)
    return _existed(step, around) and not is_bounded(op, around.table(step), around.facts, step.table)


def _existed(step: RecordedOp, around: Surroundings) -> bool:
    table = around.table(step)
    return table is None or table.created_in != around.recording.revision


def _changes(step: RecordedOp, around: Surroundings) -> Iterator[RecordedOp]:
    """Yield the schema changes whose lock and these rows' locks are held together."""
    transactional = around.server.transactional_ddl
    for other in around.earlier:
        if _is_change(other, around) and (not transactional or other.transaction == step.transaction):
            yield other
    for other in around.following:
        near = other.table == step.table and other.transaction == step.transaction
        if _is_change(other, around) and (near if transactional else True):
            yield other


def _is_change(step: RecordedOp, around: Surroundings) -> bool:
    if not isinstance(step.op, TABLE_CHANGES) or not _existed(step, around):
        return False
    return not (isinstance(step.op, CreateIndexOp) and step.op.kw.get("postgresql_concurrently"))
