"""`PRAGMA foreign_keys` does nothing in a transaction: what it should protect from happens all the same.

What it flags
    `PRAGMA foreign_keys = …` in a revision, outside of an autocommit block.
Why it hurts
    SQLite ignores it silently while a transaction is open, and a revision runs in one. The rebuild below it deletes or
    blanks the rows that refer to the table as if the line were not there. (With Python's old transaction mode it works
    if no row has been changed before: by luck.)
Example
    On sqlite:3.40:

        op.execute("PRAGMA foreign_keys=OFF")
Instead
    Switch it before the transaction begins, in `env.py` or in a block of its own:

        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
When it is fine
    The runner switches foreign keys off by itself; the line can go then.
References
    SQLite documentation, `PRAGMA foreign_keys`: "a no-op within a transaction". Measured on SQLite 3.40.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import SettingOp
from ...core.rebuild import setting
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="sl-fk-pragma-in-tx", severity=Severity.ERROR, engines=SQLITE, ops=(SettingOp,), fixable=True)
_PRAGMA = "PRAGMA foreign_keys={}"


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag the pragma where SQLite ignores it; once, if the revision switches off and on again."""
    op = step.as_(SettingOp)
    if (
        op.name.lower() != "foreign_keys"
        or step.autocommit
        or setting(around.earlier, "foreign_keys") is not None
    ):
        return
    if not around.environment.foreign_keys:
        yield around.finding(
            step,
            "This does nothing: SQLite ignores it in a transaction. Foreign keys are off while revisions run anyway, "
            "and "
            "are checked before the commit.",
            "Leave it out.",
            severity=Severity.WARNING,
            fix=Fix("Remove the pragma, which does nothing", ()),
        )
        return
    yield around.finding(
        step,
        "This does nothing: SQLite ignores PRAGMA foreign_keys while a transaction is open. A rebuild or DROP TABLE in "
        "this revision deletes, blanks or trips over the rows that refer to the table, as if the line were not there.",
        "Switch it outside the transaction:",
        fix=Fix(
            "Switch it outside the transaction",
            (FixStep((ExecuteSQLOp(_PRAGMA.format(op.value)),), autocommit=True),),
        ),
    )
