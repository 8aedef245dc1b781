"""PostgreSQL refuses to drop an index that a constraint needs, so the revision fails.

What it flags
    `op.drop_index` or `DROP INDEX` of the index of a unique constraint or primary key, or of the unique index that a
    foreign key points at; and, as a warning, of the index that is the table's replica identity.
Why it hurts
    "cannot drop index … because constraint … requires it": the revision fails on every database. Without its replica
    identity, a published table refuses UPDATE and DELETE.
Example
    On postgresql:15:

        with op.get_context().autocommit_block():
            op.drop_index("uq_account_email", table_name="account", postgresql_concurrently=True)
Instead
    Drop the constraint; its index goes with it:

        allow = {"drop-constraint account.email": "the login name took its place in release 41"}
        op.drop_constraint("uq_account_email", "account", type_="unique")
When it is fine
    Never.
References
    PostgreSQL manual, "Dependency Tracking".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropConstraintOp, DropIndexOp

from ...core.concurrent import dropped_index
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.keys import unique_keys
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState, IndexState, TableState
    from ..rule import Surroundings

RULE = Rule(
    id="pg-index-drop-in-use-by-constraint",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(DropIndexOp,),
    new_tables=True,
    fixable=True,
    supersedes=("pg-drop-index-blocking", "drop-constraint"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that something else stands on."""
    name = str(step.as_(DropIndexOp).index_name)
    found = dropped_index(step, around.state)
    owner = _owner(name, step, around)
    if owner is not None and found is None:
        yield _of_constraint(step, *owner, around)
    elif found is not None and "cascade" not in step.clauses:
        yield from _needed(step, *found, around)


def _owner(name: str, step: RecordedOp, around: Surroundings) -> tuple[TableState, ConstraintState] | None:
    for table in around.state.tables.values():
        constraint = table.constraint(name)
        if constraint is not None and constraint.kind in ("unique", "primary key", "exclude"):
            return (table, constraint) if step.table in (None, table.key) else None
    return None


def _of_constraint(
    step: RecordedOp, table: TableState, constraint: ConstraintState, around: Surroundings
) -> Finding:
    type_ = {"primary key": "primary", "unique": "unique"}.get(constraint.kind)
    op = DropConstraintOp(constraint.name, table.name, schema=table.schema, type_=type_)
    return around.finding(
        step,
        f"The revision fails: {constraint.name} is the index of a {constraint.kind} constraint of {table.key}, and "
        "PostgreSQL does not drop it while the constraint is there.",
        "Drop the constraint; its index goes with it:",
        fix=Fix("Drop the constraint instead of its index", (FixStep((op,)),), safe=False),
        table=table.key,
    )


def _needed(
    step: RecordedOp, table: TableState, index: IndexState, around: Surroundings
) -> Iterator[Finding]:
    others = [
        key for key in unique_keys(table) if key is not index and set(key.columns) == set(index.columns)
    ]
    for child, key in around.state.referencing(table.key):
        if index.unique and not others and set(key.referred_columns) == set(index.columns):
            yield around.finding(
                step,
                f"The revision fails: the foreign key {key.name or ''} of {child.key} points at the columns that "
                f"{index.name} keeps unique, and PostgreSQL does not drop it while the key is there.",
                f"Drop the foreign key of {child.key} first, or give {', '.join(index.columns)} a unique constraint.",
                table=table.key,
            )
            return
    if index.name and index.name in table.options.get("replica identity", "").split():
        yield around.finding(
            step,
            f"UPDATE and DELETE on {table.key} fail from here on if the table is published: {index.name} is its "
            "replica identity.",
            f"Give {table.key} another replica identity first: ALTER TABLE {table.key} REPLICA IDENTITY DEFAULT.",
            severity=Severity.WARNING,
            table=table.key,
        )
