"""CASCADE also drops whatever depends on the object: views, foreign keys, columns, without naming them.

What it flags
    `DROP … CASCADE` of a table, column, constraint, type, domain, view, sequence or extension on PostgreSQL.
Why it hurts
    What goes with it is not in the revision: nobody reviewed it, and a downgrade does not bring it back. Dropping a
    type with CASCADE drops every column of that type with its values; dropping a table drops the foreign keys of
    other tables, so that bad rows get in from then on.
Example
    On postgresql:15:

        op.execute("DROP TYPE book_status CASCADE")
Instead
    Drop the dependents by name, each in a statement of its own, and the object without CASCADE: PostgreSQL then
    refuses if something was overlooked.
When it is fine
    The object was created in the same revision.
References
    PostgreSQL manual, "Dependency Tracking". MySQL and MariaDB accept CASCADE on DROP TABLE and ignore it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp, DropConstraintOp, DropTableOp

from ...core.finding import Finding, Severity
from ...core.ops import DropTypeOp, ExtensionOp, SequenceOp, ViewOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="drop-cascade",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(DropTableOp, DropColumnOp, DropConstraintOp, DropTypeOp, ViewOp, SequenceOp, ExtensionOp),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a drop that takes along what is not named."""
    what, goes_along = _described(step)
    cascades = "cascade" in step.clauses or getattr(step.op, "cascade", False)
    if not cascades or getattr(step.op, "action", "drop") != "drop" or _made_here(step, around):
        return
    yield around.finding(
        step,
        f"Together with {what}, CASCADE drops {goes_along}: the revision does not name them, and no downgrade brings "
        "them back.",
        f"Drop what depends on it by name, then {what} without CASCADE; PostgreSQL refuses if something is left.",
        table=step.table,
        column=str(step.op.column_name) if isinstance(step.op, DropColumnOp) else None,
    )


def _described(step: RecordedOp) -> tuple[str, str]:
    op = step.op
    if isinstance(op, DropTableOp):
        return f"table {step.table}", "every view of it and every foreign key that points at it"
    if isinstance(op, DropColumnOp):
        return (
            f"column {step.table}.{op.column_name}",
            "every view, foreign key and generated column that uses it",
        )
    if isinstance(op, DropConstraintOp):
        return f"constraint {op.constraint_name}", "every foreign key that relies on it"
    name = getattr(op, "name", "")
    if isinstance(op, DropTypeOp):
        return f"type {name}", "every column of that type with its values"
    if isinstance(op, SequenceOp):
        return f"sequence {name}", "every default that uses it"
    return f"{'view' if isinstance(op, ViewOp) else 'extension'} {name}", "everything that depends on it"


def _made_here(step: RecordedOp, around: Surroundings) -> bool:
    if isinstance(step.op, DropTypeOp):
        known = around.state.types.get(step.op.name)
        return known is not None and known.created_in == around.recording.revision
    if isinstance(step.op, (DropTableOp, DropColumnOp, DropConstraintOp)):
        table = around.table(step)
        return table is not None and table.created_in == around.recording.revision
    makers = (s.op for s in around.earlier if type(s.op) is type(step.op))
    name = getattr(step.op, "name", None)
    return any(getattr(op, "name", None) == name and getattr(op, "action", "") == "create" for op in makers)
