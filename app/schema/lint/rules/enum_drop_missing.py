"""After a downgrade the next upgrade fails with `type "…" already exists`.

What it flags
    A `downgrade()` that does not drop an enum type which `upgrade()` created, by CREATE TYPE or with a table.
Why it hurts
    `op.drop_table` and `op.drop_column` leave the type behind on PostgreSQL, and `op.create_table` creates it without
    looking whether it is there (measured with Alembic 1.20.1 on PostgreSQL 15).
Example
    On postgresql:15:

        def upgrade():
            op.create_table(
                "tag",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("kind", sa.Enum("a", "b", name="tag_kind")),
            )
        def downgrade():
            op.drop_table("tag")
Instead
    Drop the type too:

        def upgrade():
            op.create_table(
                "tag",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("kind", sa.Enum("a", "b", name="tag_kind")),
            )
        def downgrade():
            op.drop_table("tag")
            op.execute("DROP TYPE tag_kind")
When it is fine
    Another table has come to use the type meanwhile.
References
    SQLAlchemy documentation, `postgresql.ENUM`; PostgreSQL manual, DROP TYPE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import DropTypeOp, OpaqueOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="enum-drop-missing", severity=Severity.WARNING, engines=POSTGRESQL, scope="revision", fixable=True
)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag enum types that a downgrade leaves behind, all of them in one finding."""
    steps = around.downgrade.operations if around.downgrade else ()
    if not steps or any(isinstance(step.op, OpaqueOp) for step in steps):
        return
    dropped = {step.op.name for step in steps if isinstance(step.op, DropTypeOp)}
    made = [
        t
        for t in around.state.types.values()
        if t.created_in == around.recording.revision and t.kind == "enum"
    ]
    left = [DropTypeOp(known.name) for known in made if known.name not in dropped]
    if not left:
        return
    names = " and ".join(op.name for op in left)
    types, it = ("types", "them") if len(left) > 1 else ("type", "it")
    yield around.finding(
        steps[-1],
        f"After `flask db downgrade` the enum {types} {names} {'are' if len(left) > 1 else 'is'} still there, and the "
        f'next upgrade fails with `type "{left[0].name}" already exists`: dropping the table or column does not drop '
        f"{it}.",
        f"Drop the {types} behind it:",
        fix=_fix(steps[-1], left),
        code=None if _fix(steps[-1], left) else around.render((FixStep(tuple(left)),)),
    )


def _fix(last: RecordedOp, left: list[DropTypeOp]) -> Fix | None:
    """Return the last step with the types dropped behind it, if that step is an operation of its own."""
    if last.source != "op":
        return None
    return Fix("Drop the enum type too", (FixStep((last.op, *left)),))
