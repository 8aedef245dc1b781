"""Foreign keys to several tables in one transaction lock all of these at once, which ends in deadlocks.

What it flags
    Foreign keys of existing tables that refer to two or more other existing tables, in one transaction.
Why it hurts
    Each key takes SHARE ROW EXCLUSIVE on the table that it refers to, until the commit. The revision then holds one of
    them and waits for the next, while a transaction of the application has written to that one and waits for the
    first: PostgreSQL kills one of the two, and until it does, writes to all of them stand still.
Example
    On postgresql:15:

        op.create_foreign_key(
            "fk_shelf_account", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True
        )
        op.create_foreign_key("fk_shelf_book", "shelf", "book", ["id"], ["id"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT fk_shelf_account")
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT fk_shelf_book")
Instead
    One key in each transaction:

        op.create_foreign_key(
            "fk_shelf_account", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True
        )
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT fk_shelf_account")
        op.create_foreign_key("fk_shelf_book", "shelf", "book", ["id"], ["id"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT fk_shelf_book")
When it is fine
    The tables referred to are new, or the keys are those of a new table: that takes milliseconds, and the runner gives
    up soon and tries again.
References
    online_migrations, multiple_foreign_keys; GitLab, "Creating a new table when we have two foreign keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateForeignKeyOp

from ...core.finding import Finding, Severity
from ...core.foreign_keys import new_keys
from ...core.wording import listed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

_ADDING = (CreateForeignKeyOp, AddColumnOp)
RULE = Rule(
    id="pg-multiple-fks-one-tx",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=_ADDING,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag the operation that brings in the second table referred to."""
    before = {parent for other in around.same_transaction(step) for parent in _parents(other, around)}
    parents = before | _parents(step, around)
    if len(before) >= 2 or len(parents) < 2:
        return
    yield around.finding(
        step,
        f"This transaction blocks writes to {listed(sorted(parents))} at once, until it commits: an application that "
        "writes to them in another order deadlocks with it.",
        "Add one foreign key in each transaction: validate each in an autocommit block before the next, or write one "
        "revision for each.",
    )


def _parents(step: RecordedOp, around: Surroundings) -> set[str]:
    """Return the existing tables, other than its own, that the operation's foreign keys refer to."""
    if not isinstance(step.op, _ADDING) or around.is_new(step.table):
        return set()
    parents = (key.parent for key in new_keys(step.op))
    return {parent for parent in parents if parent != step.table and not around.is_new(parent)}
