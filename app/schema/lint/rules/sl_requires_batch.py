"""The revision fails on SQLite, which cannot change a column or a constraint in place.

What it flags
    `op.alter_column` (other than a new name), `op.create_…_constraint`, `op.create_foreign_key`,
    `op.create_primary_key`, `op.drop_constraint`, comments, and `op.add_column` with a foreign key, outside of a batch
    block; and the SQL that says the same.
Why it hurts
    SQLite has no ALTER for it: Alembic raises NotImplementedError or sends SQL that SQLite does not understand.
Example
    On sqlite:3.40:

        op.alter_column("shelf", "label", type_=sa.Text(), existing_type=sa.String(40))
Instead
    Let Alembic rebuild the table, in a batch block; on other engines the block means the same as without it:

        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text(), existing_type=sa.String(40))
When it is fine
    Never on SQLite; ask for the dialect where it is meant for another engine.
References
    Alembic, "Running Batch Migrations for SQLite and Other Databases"; SQLite documentation, ALTER TABLE (from 3.53 on,
    NOT NULL and CHECK can be changed in place). Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import OpaqueOp
from ...core.rebuild import costs_no_rows, without_foreign_keys
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-requires-batch",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(
        ops.AlterColumnOp, ops.AddConstraintOp, ops.DropConstraintOp, ops.CreateTableCommentOp, ops.DropTableCommentOp,
        ops.AddColumnOp, OpaqueOp,
    ),
    new_tables=True,
    fixable=True,
    supersedes=(
        "add-unique-existing", "raw-sql-unanalyzable", "raw-sql-dialect-unguarded", "sl-rename-column-version",
        "unnamed-constraint",
    ),
)  # fmt: skip
_ALTERS = re.compile(
    r"^\s*ALTER\s+TABLE\s+\S+\s+(?:ALTER|MODIFY|CHANGE|(?:ADD|DROP)\s+(?:CONSTRAINT|PRIMARY|FOREIGN|UNIQUE|CHECK))\b",
    re.IGNORECASE,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what SQLite can do in a rebuild only."""
    if (step.batch is not None and step.source == "op") or not _needs_rebuild(step, around):
        return
    harmless = costs_no_rows(around.state, step.table, enforced=around.environment.foreign_keys)
    fix = Fix("Do it in a batch block", (FixStep((step.op,), batch=True),), safe=harmless)
    yield around.finding(
        step,
        f"The revision fails: SQLite cannot {_what(step)} in place, only rebuild the whole table.",
        "Do it in a batch block, which rebuilds the table:"
        if harmless
        else "Do it in a batch block, which rebuilds the table, while foreign keys are off: the rebuild drops the old "
        "table, and the rows that refer to it would go, change or stop it:",
        code=_code(step, fix, around, harmless=harmless),
        fix=None if isinstance(step.op, OpaqueOp) else fix,
        column=str(step.op.column_name) if isinstance(step.op, ops.AlterColumnOp) else None,
    )


def _code(step: RecordedOp, fix: Fix, around: Surroundings, *, harmless: bool) -> str | None:
    """Return the code to write, None if it is that of the fix."""
    if isinstance(step.op, OpaqueOp):
        return "with op.batch_alter_table(…) as batch_op:\n    …"
    return None if harmless else without_foreign_keys(around.render(fix.steps))


def _needs_rebuild(step: RecordedOp, around: Surroundings) -> bool:
    op, new = step.op, around.server.at_least(3, 53)
    if isinstance(op, OpaqueOp):
        return not new and _ALTERS.match(op.sql or "") is not None
    if isinstance(op, ops.AddColumnOp):
        return step.source == "op" and bool(op.column.foreign_keys) and not op.inline_references
    if isinstance(op, ops.AlterColumnOp):
        return _changes(op, in_place=new)
    if new and step.source != "op":
        return not isinstance(op, (ops.CreateCheckConstraintOp, ops.DropConstraintOp))
    return True


def _changes(op: ops.AlterColumnOp, *, in_place: bool) -> bool:
    """True if an `alter_column` does more than give a new name; `in_place`: SQLite can change NOT NULL."""
    nullable = op.modify_nullable is not None and not in_place
    default, comment = op.modify_server_default is not False, op.modify_comment is not False
    return nullable or op.modify_type is not None or default or comment


def _what(step: RecordedOp) -> str:
    op = step.op
    if isinstance(op, ops.AlterColumnOp):
        return f"change {step.table}.{op.column_name}, other than its name,"
    if isinstance(op, ops.AddColumnOp):
        return f"add the foreign key of {step.table}.{op.column.name}, which Alembic sends behind the column,"
    if isinstance(op, (ops.CreateTableCommentOp, ops.DropTableCommentOp)):
        return f"comment on {step.table}"
    name = getattr(op, "constraint_name", None)
    verb = "drop" if isinstance(op, ops.DropConstraintOp) else "add"
    return (
        f"{verb} {f'constraint {name}' if name else 'a constraint'} of {step.table}"
        if step.table
        else "do this"
    )
