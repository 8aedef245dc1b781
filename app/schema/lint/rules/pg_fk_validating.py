"""Adding a foreign key blocks writes to both tables until every row has been looked up.

What it flags
    A foreign key that is added to a table which existed before the revision, without NOT VALID.
Why it hurts
    SHARE ROW EXCLUSIVE is held on both tables for the whole check: nobody writes to either of them, and the table
    referred to is often the busiest one of all. Reads go on.
Example
    On postgresql:15:

        op.create_foreign_key("fk_book_reader", "book", "account", ["account_id"], ["id"])
Instead
    Add it NOT VALID, which holds for new rows at once, and look up the old ones while everybody goes on working:

        op.create_foreign_key(
            "fk_book_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True
        )
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_book_reader")
When it is fine
    The table was created in the same revision and is empty, the key is NOT ENFORCED (PostgreSQL 18), or the table is
    partitioned and each partition has the same key, validated.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint [ NOT VALID ]"; strong_migrations; Atlas PG306.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateForeignKeyOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.foreign_keys import NewKey, held_by_partitions, new_keys
from ...core.online import added_in_steps, default_name, is_not_valid
from ...core.ops import ValidateConstraintOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(
    id="pg-fk-validating",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateForeignKeyOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a foreign key that is checked under the lock."""
    op, table = step.as_(CreateForeignKeyOp), around.table(step)
    key = next(new_keys(op))
    if is_not_valid(op) or "not_enforced" in step.clauses or held_by_partitions(key, table, around.state):
        return
    name = key.name or str(default_name(op))
    message = _message(step, key, name, around)
    if table is not None and table.partitioned and not around.server.at_least(18):
        yield around.finding(
            step,
            message,
            "NOT VALID is refused on a partitioned table before PostgreSQL 18. Give the key to each partition in two "
            "steps; the partitioned table then takes them over and reads nothing:",
            code=_through_partitions(op, name, table, around),
        )
        return
    yield around.finding(
        step,
        message,
        "Add it NOT VALID, and look up the old rows outside the transaction; writes then go on:",
        fix=Fix("Add the foreign key in two steps", added_in_steps(step, op, name)),
    )


def _message(step: RecordedOp, key: NewKey, name: str, around: Surroundings) -> str:
    both = step.table if key.parent == step.table else f"{step.table} and on {key.parent}"
    return (
        f"Adding the foreign key {name} blocks every INSERT, UPDATE and DELETE on {both} until each row of "
        f"{step.table}{around.size(step.table)} has been looked up; reads go on."
    )


def _through_partitions(op: CreateForeignKeyOp, name: str, table: TableState, around: Surroundings) -> str:
    steps: list[FixStep] = []
    for partition in table.partitions or [f"{op.source_table}_1"]:
        schema, _, own = partition.rpartition(".")
        part = copy(op)
        part.constraint_name = f"{name}_{own}"
        part.source_table = own
        part.kw = {**op.kw, "source_schema": schema or None, "postgresql_not_valid": True}
        validate = ValidateConstraintOp(own, schema or None, str(part.constraint_name))
        steps += [FixStep((part,)), FixStep((validate,), autocommit=True)]
    return around.render((*steps, FixStep((op,))))
