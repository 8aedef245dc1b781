"""The constraint cannot be dropped: nobody knows its name, or every database has given it another.

What it flags
    `op.drop_constraint(None, …)`, in `downgrade()` too, and `op.create_…_constraint(None, …)`. What stands unnamed in
    `op.create_table` is not flagged.
Why it hurts
    Dropping without a name fails on every engine (measured with Alembic 1.20.1): it is the commonest cause of
    downgrades that do not work. Creating without a name leaves the name to the engine, and to SQLite no name at all:
    in a batch block it fails there with "Constraint must have a name".
Example
    On postgresql:15:

        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(9)))
        op.create_unique_constraint(None, "tag", ["code"])
Instead
    Name it:

        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(9)))
        op.create_unique_constraint("tag_code_key", "tag", ["code"])
When it is fine
    The models' `MetaData` has a naming convention, which then gives the name; `op.f("…")` in the file is clearer still.
References
    Alembic documentation, "The Importance of Naming Constraints".
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="unnamed-constraint", severity=Severity.ERROR, engines=EVERY_ENGINE, scope="revision", fixable=True
)

_CREATED = (ops.CreateUniqueConstraintOp, ops.CreateForeignKeyOp, ops.CreateCheckConstraintOp)
_KINDS = {"foreignkey": "foreign key", "primary": "primary key"}


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag constraints without a name, in both directions."""
    steps = [*around.recording.operations, *(around.downgrade.operations if around.downgrade else ())]
    for step in steps:
        takes_over_index = "postgresql_using_index" in (getattr(step.op, "kw", None) or {})
        if getattr(step.op, "constraint_name", "") is not None or takes_over_index:
            continue
        if isinstance(step.op, ops.DropConstraintOp):
            yield _dropped(step, step.op, around)
        elif isinstance(step.op, _CREATED):
            yield _created(step, around)


def _dropped(step: RecordedOp, op: ops.DropConstraintOp, around: Surroundings) -> Finding:
    name = _only_name(step, op, around)
    kind = _KINDS.get(op.constraint_type or "", op.constraint_type) or ""
    return around.finding(
        step,
        f"This fails on every engine: a {f'{kind} '.lstrip()}constraint of {step.table} cannot be dropped without its "
        "name.",
        "Give the name that the constraint has in the database:",
        fix=Fix("Name the constraint", (FixStep((_named(op, name),)),)) if name else None,
        code=None if name else f'op.drop_constraint("…", "{step.table}", type_={op.constraint_type!r})',
    )


def _only_name(step: RecordedOp, op: ops.DropConstraintOp, around: Surroundings) -> str | None:
    """Return the name of the constraint that can only be meant: the one of this kind, from this revision if any is."""
    table = around.state.table(step.table)
    kind = _KINDS.get(op.constraint_type or "", op.constraint_type)
    found = [c for c in table.constraints if c.kind == kind] if table else []
    own = [c for c in found if c.added_in == around.recording.revision] or found
    return own[0].name if len(own) == 1 else None


def _created(step: RecordedOp, around: Surroundings) -> Finding:
    fails = step.batch is not None and around.server.engine == "sqlite"
    name = _default_name(step.op)
    same = around.server.engine == "postgresql"
    return around.finding(
        step,
        'The revision fails with "Constraint must have a name": SQLite rebuilds the table and gives no names.'
        if fails
        else f"Every engine names this constraint of {step.table} differently, or not at all: no downgrade can drop it "
        "everywhere.",
        "Name it:",
        severity=Severity.ERROR if fails else Severity.WARNING,
        fix=Fix("Name the constraint", (FixStep((_named(step.op, name),)),), safe=same) if name else None,
        code=None if name else f'op.create_check_constraint("ck_{step.table}_…", "{step.table}", "…")',
    )


def _named(op: ops.MigrateOperation, name: str) -> ops.MigrateOperation:
    named = copy(op)
    named.constraint_name = name  # type: ignore[attr-defined]
    return named


def _default_name(op: ops.MigrateOperation) -> str | None:
    """Return the name that PostgreSQL would give, so that naming the constraint changes nothing there."""
    if isinstance(op, ops.CreateForeignKeyOp):
        return "_".join([str(op.source_table), *map(str, op.local_cols), "fkey"])
    if isinstance(op, ops.CreateUniqueConstraintOp):
        return "_".join([str(op.table_name), *map(str, op.columns), "key"])
    return None
