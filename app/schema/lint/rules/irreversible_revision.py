"""`flask db downgrade` says that it went back, and the schema stays as it is.

What it flags
    A revision whose `upgrade()` changes the schema and whose `downgrade()` does nothing.
Why it hurts
    Alembic runs the empty function, finds no error and records the older revision. The next upgrade then fails,
    because what it adds is still there.
Example
    On postgresql:15:

        def upgrade():
            op.add_column("account", sa.Column("nickname", sa.String(50)))
        def downgrade():
            pass
Instead
    Undo it, or say that there is no way back, so that nobody takes the older revision for reached:

        def upgrade():
            op.add_column("account", sa.Column("nickname", sa.String(50)))
        def downgrade():
            raise NotImplementedError("not reversible: the names would be lost")
When it is fine
    A revision that only adds something is told as information: what stays behind is in nobody's way until the next
    upgrade. The revision changes rows only, or what it did can stay: a validated constraint, a new value of an enum.
References
    Alembic documentation, "Downgrading".
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core import ops as own
from ...core.finding import Finding, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="irreversible-revision", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="revision")

# Going back does not need to undo these: they change no definition, or what they leave behind harms nobody.
_MAY_STAY = (
    ops.BulkInsertOp, ops.CreateTableCommentOp, ops.DropTableCommentOp, own.DmlOp, own.SelectOp, own.SettingOp,
    own.HarmlessOp, own.TransactionOp, own.AddEnumValueOp, own.ValidateConstraintOp, own.ReindexOp,
    own.RewriteTableOp, own.LockTableOp, own.TruncateOp, own.ExtensionOp, own.OpaqueOp,
)  # fmt: skip
_DOWNGRADE = re.compile(r"^(def|from|import) .*\bdowngrade\b|^downgrade\b", re.MULTILINE)
_INVERTIBLE = (ops.CreateTableOp, ops.AddColumnOp, ops.CreateIndexOp, ops.AddConstraintOp)
_TAKING_OVER = (ops.CreateUniqueConstraintOp, ops.CreatePrimaryKeyOp)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag an empty downgrade."""
    if around.downgrade is None or around.downgrade.operations or not _has_downgrade(around):
        return
    passing = {step.table for step in around.recording.operations if _is_temporary(step)}
    steps = [s for s in around.recording.operations if not _may_stay(s) and s.table not in passing - {None}]
    if not steps or _changes_nothing(steps, around):
        return
    yield around.finding(
        steps[0],
        "`flask db downgrade` does nothing here and still records the older revision: the schema keeps what "
        f"{around.recording.revision} did, and running it again fails.",
        'Undo what upgrade() does, or end downgrade() with `raise NotImplementedError("not reversible: why")`:',
        code=_downgrade(steps, around),
        severity=Severity.INFO if all(isinstance(step.op, _INVERTIBLE) for step in steps) else None,
    )


def _has_downgrade(around: Surroundings) -> bool:
    """False if the file has none: Alembic then stops with an error instead of recording the older revision."""
    return not around.recording.source or _DOWNGRADE.search(around.recording.source) is not None


def _changes_nothing(steps: Sequence[RecordedOp], around: Surroundings) -> bool:
    """True if each step sets a column to what it was, as `DROP DEFAULT` does where there is none."""
    return all(isinstance(step.op, ops.AlterColumnOp) and _is_so_already(step, around) for step in steps)


def _is_so_already(step: RecordedOp, around: Surroundings) -> bool:
    op = step.as_(ops.AlterColumnOp)
    known = around.before.column(step.table, str(op.column_name)) if around.before else None
    others = op.modify_type is not None or op.modify_name is not None or op.kw.get("postgresql_not_valid")
    if known is None or others:
        return False
    same_null = op.modify_nullable in (None, known.nullable)
    return same_null and (
        op.modify_server_default is False or (op.modify_server_default is None and known.default == "")
    )


def _may_stay(step: RecordedOp) -> bool:
    refresh = isinstance(step.op, own.ViewOp) and step.op.action == "refresh"
    return isinstance(step.op, _MAY_STAY) or refresh


def _is_temporary(step: RecordedOp) -> bool:
    """True for a table that is gone with the connection."""
    prefixes = step.op.prefixes or [] if isinstance(step.op, ops.CreateTableOp) else []
    return any(str(prefix).upper() in ("TEMP", "TEMPORARY") for prefix in prefixes)


def _downgrade(steps: Sequence[RecordedOp], around: Surroundings) -> str:
    """Return a downgrade() that undoes the steps; one that refuses, if that takes a person."""
    inverse = [_inverse(step) for step in reversed(steps)]
    known = tuple(op for op in inverse if op is not None)
    complete = len(known) == len(inverse)
    body = (
        around.render((FixStep(known),)) if complete else 'raise NotImplementedError("not reversible: why")'
    )
    return f"def downgrade():\n{textwrap.indent(body, '    ')}"


def _inverse(step: RecordedOp) -> ops.MigrateOperation | None:
    op = step.op
    unnamed = isinstance(op, ops.AddConstraintOp) and not getattr(op, "constraint_name", None)
    if unnamed or not isinstance(op, _INVERTIBLE):
        return None
    if isinstance(op, _TAKING_OVER) and op.kw.get("postgresql_using_index"):
        # Alembic cannot say it, so neither can it turn it round.
        return ops.DropConstraintOp(op.constraint_name, op.table_name, op.constraint_type, schema=op.schema)
    return op.reverse()
