"""Renaming a value of an enum breaks the application that runs: it still writes and expects the old name.

What it flags
    `ALTER TYPE … RENAME VALUE` of a value that was there before the revision.
Why it hurts
    No table is locked, but from the commit on every INSERT, UPDATE and WHERE with the old name fails with "invalid
    input value for enum", and SQLAlchemy raises LookupError on rows with the new one, until the last old worker has
    been replaced. Rolling back the code fails in the same way.
Example
    On postgresql:15:

        op.execute("ALTER TYPE book_status RENAME VALUE 'draft' TO 'new'")
Instead
    Add the new name, and let a release read both:

        op.execute("ALTER TYPE book_status ADD VALUE 'new'")

    When that runs everywhere, change the rows in batches, and leave the old name unused:

        with op.get_context().autocommit_block():
            op.execute("UPDATE book SET status = 'new' WHERE status = 'draft' AND id BETWEEN 1 AND 1000")
When it is fine
    The type or the value was made in the same revision. Changing the label in the application only needs no migration.
References
    strong_migrations, "Renaming an enum value"; PostgreSQL manual, ALTER TYPE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import AddEnumValueOp, RenameEnumValueOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-enum-rename-value", severity=Severity.ERROR, engines=POSTGRESQL, ops=(RenameEnumValueOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new name for a value that running code may write."""
    op = step.as_(RenameEnumValueOp)
    name = f"{op.schema}.{op.name}" if op.schema else op.name
    if _made_here(name, op, around):
        return
    yield around.finding(
        step,
        f"Running code that writes or asks for '{op.value}' of {name} gets an error as soon as it is called "
        f"'{op.new_value}', and rows with '{op.new_value}' raise LookupError in it.",
        "Add the new value, let a release understand both, then change the rows in batches and leave the old one "
        "unused:",
        code=f"op.execute(\"ALTER TYPE {name} ADD VALUE '{op.new_value}'\")\n"
        f"# revision 2, when the code that understands both runs everywhere: change the rows in batches",
    )


def _made_here(name: str, op: RenameEnumValueOp, around: Surroundings) -> bool:
    known = around.state.types.get(name)
    if known is not None and known.created_in == around.recording.revision:
        return True
    added = (s.op for s in around.earlier if isinstance(s.op, AddEnumValueOp))
    return any(one.name == op.name and one.value == op.value for one in added)
