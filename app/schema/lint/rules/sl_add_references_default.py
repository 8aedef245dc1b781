"""The column cannot be added once the table holds a row: it refers to a table and has a default.

What it flags
    `ADD COLUMN … REFERENCES …` (or `op.add_column` with `inline_references=True`) with a default other than NULL, while
    foreign keys are on, on a table that existed before the revision.
Why it hurts
    SQLite takes it on an empty table and says `Cannot add a REFERENCES column with non-NULL default value` on one with
    rows: it passes on a developer's database and in CI, and fails in production.
Example
    On sqlite:3.40:

        op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER DEFAULT 1 REFERENCES account (id)")
Instead
    Add it without a default, and write the value into the rows that are there:

        op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER REFERENCES account (id)")
When it is fine
    Foreign keys are off while revisions run, or the table was created in the same revision.
References
    SQLite documentation, "ALTER TABLE ADD COLUMN". Measured on SQLite 3.40.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp

from ...core.columns import has_value
from ...core.finding import Finding, Severity
from ...core.rebuild import foreign_keys_on
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="sl-add-references-default", severity=Severity.ERROR, engines=SQLITE, ops=(AddColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a referring column that rows which are there would have a value in."""
    op = step.as_(AddColumnOp)
    in_place = op.inline_references and not (step.batch is not None and step.batch.recreates)
    if not in_place or not op.column.foreign_keys or not _says_something(op):
        return
    if not foreign_keys_on(around.earlier, usually=around.environment.foreign_keys):
        return
    name = op.column.name
    yield around.finding(
        step,
        "The revision fails with `Cannot add a REFERENCES column with non-NULL default value` as soon as "
        f"{step.table}{around.size(step.table)} holds one row.",
        f"Add {name} without a default, and write the value into the rows that are there:",
        code=f'op.add_column("{op.table_name}", sa.Column("{name}", …, sa.ForeignKey("…")), inline_references=True)\n'
        f'op.execute("UPDATE {op.table_name} SET {name} = … WHERE …")',
        column=str(name),
    )


def _says_something(op: AddColumnOp) -> bool:
    default = str(getattr(op.column.server_default, "arg", ""))
    return has_value(op.column) and default.strip("() ").upper() != "NULL"
