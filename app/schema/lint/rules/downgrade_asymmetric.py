"""After upgrade and downgrade the schema is not what it was, so the next upgrade fails or builds on the wrong thing.

What it flags
    A `downgrade()` that leaves something of `upgrade()` behind, or that does not bring back what it took: tables,
    columns, types, NOT NULL, defaults, constraints, indexes. Both are followed on paper, without a database. Enum types
    that stay behind are reported by enum-drop-missing, an empty downgrade by irreversible-revision.
Why it hurts
    Going back is rare and never tested, and then it is urgent. What stays behind makes the next upgrade stop with
    "already exists"; what is missing makes the older code fail.
Example
    On postgresql:15:

        def upgrade():
            op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))
            op.create_table("badge", sa.Column("id", sa.Integer(), primary_key=True))
        def downgrade():
            op.drop_table("badge")
Instead
    Undo every step, the last one first:

        def upgrade():
            op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))
            op.create_table("badge", sa.Column("id", sa.Integer(), primary_key=True))
        def downgrade():
            op.drop_table("badge")
            op.drop_table("tag")
When it is fine
    The older code works with what stays behind and the upgrade does not mind it.
References
    Measured on public histories: 4 to 20 % of downgrades fail or do not restore the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import CreatePrimaryKeyOp, CreateUniqueConstraintOp, DropConstraintOp

from ...core.difference import differences
from ...core.finding import Finding, Severity
from ...core.ops import OpaqueOp
from ...core.types import describe
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.types import TypeEngine

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="downgrade-asymmetric", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="revision")

_SHOWN = 5
_TAKING_OVER = (CreateUniqueConstraintOp, CreatePrimaryKeyOp)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag what upgrade and then downgrade change, all of it in one finding."""
    if around.before is None or around.undone is None or around.downgrade is None:
        return
    steps = [*around.recording.operations, *around.downgrade.operations]
    if around.recording.reads_data or any(_is_unclear(step) for step in steps):
        return
    gone_with_constraint = set(_taken_over(around))
    found = [
        (table, text)
        for table, text in differences(around.before, around.undone, lambda type_: _type_text(type_, around))
        if (table, text) not in gone_with_constraint
    ]
    if not found:
        return
    texts = [text if text.startswith("table ") else f"{text} ({table})" for table, text in found]
    more = f", and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    yield around.finding(
        around.downgrade.operations[0],
        f"After `flask db downgrade` the schema is not what it was before {around.recording.revision}: "
        f"{', '.join(texts[:_SHOWN])}{more}.",
        "Let downgrade() undo every step of upgrade(), the last one first.",
        table=found[0][0],
    )


def _taken_over(around: Surroundings) -> Iterator[tuple[str, str]]:
    """Yield the loss of indexes that a constraint took over: to drop it is the only way back that PostgreSQL has."""
    for step in around.recording.operations:
        index = step.op.kw.get("postgresql_using_index") if isinstance(step.op, _TAKING_OVER) else None
        if index and step.table:
            yield step.table, f"index {index} is missing"


def _is_unclear(step: RecordedOp) -> bool:
    """True for what cannot be followed, and for a drop without a name, which unnamed-constraint reports.

    IF EXISTS says that the author does not know either what was there.
    """
    unnamed = isinstance(step.op, DropConstraintOp) and step.op.constraint_name is None
    guarded = "if_exists" in step.clauses or bool(getattr(step.op, "if_exists", None))
    return unnamed or guarded or isinstance(step.op, OpaqueOp)


def _type_text(type_: TypeEngine[Any] | None, around: Surroundings) -> str | None:
    name = describe(type_, around.server)
    if name is None:
        return None
    return f"{name.name}({', '.join(map(str, name.args))})" if name.args else name.name
