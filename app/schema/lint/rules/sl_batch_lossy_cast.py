"""Values that do not fit the new type are changed without an error: 'abc' is 0 then, and '2026-01-31' is 2026.

What it flags
    A batch block on SQLite that changes text or a date to a number or a date of another kind, or fractions to integers.
Why it hurts
    Alembic copies the column through CAST, and SQLite's CAST never fails: it takes the digits at the beginning. A
    change of DateTime to Date leaves the year of every row (measured). Where the runner of this package rebuilds the
    table, values that would not stay the same stop the revision instead, and the finding is a warning.
Example
    On sqlite:3.40:

        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Integer(), existing_type=sa.String(40))
Instead
    Add a column of the new type, fill it from the rows that convert cleanly, look at the rest, and drop the old column
    in a later release:

        op.add_column("shelf", sa.Column("label_new", sa.Integer()))
When it is fine
    Every value has been looked at: `SELECT label FROM shelf WHERE CAST(CAST(label AS INTEGER) AS TEXT) <> label`.
References
    SQLite documentation, "CAST expressions". Each pair of types was tried on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.copies import mentions
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ...core.types import TypeName, describe, type_sql
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="sl-batch-lossy-cast", severity=Severity.ERROR, engines=SQLITE, ops=(AlterColumnOp,))

# SQLAlchemy keeps dates as text in SQLite.
_DATES = ("date", "datetime", "timestamp", "timestamptz", "time", "timetz")
_TEXTS = ("char", "varchar", "text", "clob", *_DATES)
_INTEGERS = ("tinyint", "smallint", "mediumint", "integer", "bigint")
_FRACTIONS = ("real", "double precision", "float", "numeric")
_INSTANTS = ("datetime", "timestamp", "timestamptz")


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a change of type whose CAST changes values."""
    op, column = step.as_(AlterColumnOp), around.column(step, str(step.as_(AlterColumnOp).column_name))
    before = column.type if column and column.type is not None else op.existing_type
    made_here = column is not None and column.added_in == around.recording.revision
    if step.batch is None or not step.batch.recreates or op.modify_type is None or made_here:
        return
    old, new = describe(before, around.server), describe(op.modify_type, around.server)
    if old is None or new is None or not _loses(old, new) or _is_prepared(step, around):
        return
    name, kind = str(op.column_name), op.modify_type
    target = type_sql(kind() if isinstance(kind, type) else kind, around.server) or new.name
    if around.environment.guarded_rebuild:
        yield _stopping(step, around, name, target)
        return
    yield around.finding(
        step,
        f"Values of {step.table}.{name}{around.size(step.table)} are changed without an error: the block copies them "
        f"through CAST({name} AS {target}), and {_fate(old, new)}.",
        "Look for values that change first; better, fill a new column and drop the old one in a later release:",
        code=f"SELECT {name}, CAST({name} AS {target}) FROM {step.table} WHERE CAST({name} AS {target}) <> {name}",
        column=name,
    )


def _stopping(step: RecordedOp, around: Surroundings, name: str, target: str) -> Finding:
    """Say what a runner does that looks at the values first."""
    return around.finding(
        step,
        f"The revision stops if a value of {step.table}.{name}{around.size(step.table)} does not stay the same as "
        f"{target}, and nothing is changed then: a developer's rows may pass where others do not.",
        "Correct such values in the revision before the block:",
        code=f'op.execute("UPDATE {step.table} SET {name} = … WHERE …")',
        column=name,
        severity=Severity.WARNING,
    )


def _loses(old: TypeName, new: TypeName) -> bool:
    if old.name in _INSTANTS and new.name in _INSTANTS:
        return False
    if old.name in _TEXTS:
        return new.name != old.name and new.name in (*_DATES, *_INTEGERS, *_FRACTIONS, "boolean")
    fraction = old.name in _FRACTIONS and (old.name != "numeric" or old.scale != 0)
    return fraction and new.name in _INTEGERS


def _fate(old: TypeName, new: TypeName) -> str:
    if old.name in _FRACTIONS:
        return "SQLite cuts off what stands behind the point"
    if old.name in _DATES or new.name in _DATES:
        return "SQLite takes the number at the beginning: '2026-01-31 12:00' becomes 2026"
    return "SQLite takes the digits at the beginning: 'abc' becomes 0, '12x' becomes 12"


def _is_prepared(step: RecordedOp, around: Surroundings) -> bool:
    """True if the revision itself mends values of the column before it changes the type."""
    name = str(step.as_(AlterColumnOp).column_name)
    changes = (s.op for s in around.earlier if s.table == step.table and isinstance(s.op, DmlOp))
    return any(op.kind in ("update", "delete") and mentions(op.sql, name) for op in changes)
