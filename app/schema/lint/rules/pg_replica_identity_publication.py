"""Without a replica identity, a published table rejects UPDATE and DELETE; with FULL, it writes every old row twice.

What it flags
    `REPLICA IDENTITY NOTHING` and `FULL`; other identities without a `lock_timeout` set in the revision; and a
    publication of a table without a primary key or a replica identity.
Why it hurts
    A publication with UPDATE and DELETE needs to name the old row: without a key each such statement of the
    application fails with "cannot update table … because it does not have a replica identity". FULL puts all old
    columns into the WAL. Setting one takes ACCESS EXCLUSIVE, which waits for every query of the table.
Example
    On postgresql:15:

        op.execute("ALTER TABLE shelf REPLICA IDENTITY FULL")
Instead
    Rely on the primary key, which is the default, or on a unique index of columns that are NOT NULL:

        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("ALTER TABLE shelf REPLICA IDENTITY USING INDEX shelf_pkey")
When it is fine
    The table was created in the same revision, or rows are only ever inserted into it.
References
    PostgreSQL manual, "Publication"; ALTER TABLE, "REPLICA IDENTITY"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import PublicationOp, TableOptionOp
from ...core.source import SHORT_WAIT, executed
from ...core.timeouts import limit_in_force
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(
    id="pg-replica-identity-publication",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(TableOptionOp, PublicationOp),
)
_COSTS = {
    "NOTHING": "UPDATE and DELETE of {table} fail as soon as a publication holds it: no old row can be named.",
    "FULL": "Every UPDATE and DELETE of {table} writes all columns of the old row into the WAL as well.",
}
_ALL = re.compile(r"\bfor\s+all\s+tables\b", re.IGNORECASE)
_INSERTS_ONLY = re.compile(r"\bpublish\s*=\s*'\s*insert\s*'", re.IGNORECASE)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what makes a replicated table reject or multiply writes."""
    if isinstance(step.op, TableOptionOp):
        yield from _check_identity(step, step.op, around)
    elif isinstance(step.op, PublicationOp):
        yield from _check_publication(step, step.op, around)


def _check_identity(step: RecordedOp, op: TableOptionOp, around: Surroundings) -> Iterator[Finding]:
    cost = _COSTS.get((op.value or "").upper(), "").format(table=step.table)
    guarded = limit_in_force("lock_timeout", step, around.earlier) is not None
    if op.option != "replica identity" or (guarded and not cost):
        return
    waits = f"Setting it waits for every query that runs on {step.table}, and all later ones wait behind it."
    yield around.finding(
        step,
        f"{cost} {waits}".strip(),
        "Rely on the primary key, or on a unique index of columns that are NOT NULL, and give up after a short while:",
        code=executed(SHORT_WAIT, f"ALTER TABLE {step.table} REPLICA IDENTITY DEFAULT"),
    )


def _check_publication(step: RecordedOp, op: PublicationOp, around: Surroundings) -> Iterator[Finding]:
    sql, state = step.sql or "", around.state
    if op.action == "drop" or re.search(r"\bdrop\s+table\b", sql, re.IGNORECASE) or _INSERTS_ONLY.search(sql):
        return
    published = list(state.tables) if _ALL.search(sql) else list(op.tables)
    bare = [name for name in published if _has_no_identity(state.table(name))]
    if bare:
        yield around.finding(
            step,
            f"Every UPDATE and DELETE of {' and '.join(bare)} fails once publication {op.name} holds it: it has no "
            "primary key by which the old row could be named.",
            "Give it a primary key first, or publish only what is inserted (WITH (publish = 'insert')).",
            table=bare[0],
        )


def _has_no_identity(table: TableState | None) -> bool:
    if table is None or not table.known or table.primary_key:
        return False
    return table.options.get("replica identity", "DEFAULT").upper() in ("DEFAULT", "NOTHING")
