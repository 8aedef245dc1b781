"""A value that was added to an enum cannot be used before the transaction that added it has been committed.

What it flags
    `ALTER TYPE … ADD VALUE` in a transaction that uses the value afterwards: in rows, a default, a CHECK or the
    condition of an index. Before version 12, any ADD VALUE inside a transaction.
Why it hurts
    The revision fails with "unsafe use of new value"; before version 12 with "ALTER TYPE ... ADD cannot run inside a
    transaction block". A database in which the value is there already does not show it.
Example
    On postgresql:15:

        op.execute("ALTER TYPE book_status ADD VALUE IF NOT EXISTS 'sold'")
        op.execute("UPDATE book SET status = 'sold' WHERE id = 1")
Instead
    Add it outside the transaction, or use it in the next revision:

        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE book_status ADD VALUE IF NOT EXISTS 'sold'")
        op.execute("UPDATE book SET status = 'sold' WHERE id = 1")
When it is fine
    The type was created in the same transaction, or nothing uses the value in the transaction (version 12 and later).
References
    PostgreSQL manual, ALTER TYPE, "Notes"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp

from ...core.enums import uses_value
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import AddEnumValueOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-enum-add-in-tx",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AddEnumValueOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a value that is added too early or used too early."""
    op = step.as_(AddEnumValueOp)
    name = f"{op.schema}.{op.name}" if op.schema else op.name
    known = around.state.types.get(name)
    if step.autocommit or (known is not None and known.created_in == around.recording.revision):
        return
    user = next(_users(step, name, around), None)
    if user is None and around.server.at_least(12):
        return
    yield around.finding(
        step,
        _consequence(op, name, user, around),
        "Add the value outside the transaction:",
        fix=Fix(
            "Add the value in an autocommit block",
            (FixStep((ExecuteSQLOp(step.sql or ""),), autocommit=True),),
        ),
    )


def _consequence(op: AddEnumValueOp, name: str, user: RecordedOp | None, around: Surroundings) -> str:
    if user is None or not around.server.at_least(12):
        version = around.server.version[0]
        return f"The revision fails: PostgreSQL {version} adds no value to {name} inside a transaction."
    place = f"line {user.line}" if user in around.following else "a later revision of the same transaction"
    return (
        f"The revision fails with 'unsafe use of new value': '{op.value}' of {name} can be used only once the "
        f"transaction that adds it has been committed, and {place} uses it."
    )


def _users(step: RecordedOp, name: str, around: Surroundings) -> Iterator[RecordedOp]:
    """Yield the later operations of the transaction that use the value."""
    value, state = step.as_(AddEnumValueOp).value, around.state
    same = [other for other in around.following if other.transaction == step.transaction]
    later = () if around.environment.transaction_per_migration else around.later
    same += [other for recording in later for other in recording.operations if not other.autocommit]
    yield from (other for other in same if uses_value(other, name, value, state))
