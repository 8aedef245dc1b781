"""Adding an exclusion constraint builds its index while nobody can read or write the table, and no way avoids that.

What it flags
    `EXCLUDE USING …` that is added to a table which existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE stays until the index is built and all pairs of rows have been compared; the revision fails at the
    first conflict. There is no NOT VALID form, and no index can be taken over.
Example
    On postgresql:15:

        op.execute("ALTER TABLE account ADD CONSTRAINT one_name EXCLUDE USING gist (name WITH =)")
Instead
    Add it in a maintenance window, or create a new table with the constraint, copy the rows in batches and swap the
    names.
When it is fine
    The table was created in the same revision, or it is small.
References
    Measured on PostgreSQL 15.18; strong_migrations, "Adding an exclusion constraint".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import AddExclusionOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-add-exclusion", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddExclusionOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag every exclusion constraint on rows that are there."""
    name = step.as_(AddExclusionOp).constraint_name or "the exclusion constraint"
    yield around.finding(
        step,
        f"Adding {name} blocks every read and write of {step.table}{around.size(step.table)} until its index is built, "
        "and fails if two rows exclude each other.",
        f"PostgreSQL has no other way. Do it while {step.table} may stand still, or create a new table with the "
        "constraint, copy the rows in batches and swap the names.",
    )
