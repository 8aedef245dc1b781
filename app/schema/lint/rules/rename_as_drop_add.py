"""A rename written as drop and add: the values of the old name are lost and the new one starts empty.

What it flags
    One revision that drops a column and adds one of a like type to the same table, or drops a table and creates one
    with mostly the same columns, without carrying the values over.
Why it hurts
    Alembic's autogenerate cannot see that an attribute or a class was renamed: it compares names, and writes a drop
    and an add. The revision runs without an error, and the values are gone.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("biography", sa.Text()))
        op.drop_column("account", "bio")
Instead
    Keep the name in the database and rename the attribute only: `biography = db.Column("bio", db.Text)`. Or add the
    new column now, carry the values over in batches, and drop the old one in a later release:

        op.add_column("account", sa.Column("biography", sa.Text()))
When it is fine
    The two have nothing to do with each other; then say so in `allow`.
References
    Alembic, "What does Autogenerate Detect": changes of table and column names are seen as an add/drop pair.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateTableOp, DropColumnOp, DropTableOp
from sqlalchemy import Column

from ...core.copies import copies_of
from ...core.finding import Finding, Severity
from ...core.keys import alike
from ...core.types import describe
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="rename-as-drop-add",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(DropColumnOp, DropTableOp),
    supersedes=("drop-column", "drop-table", "drop-column-not-null-first", "contract-in-same-release"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a drop whose counterpart is added in the same revision."""
    if isinstance(step.op, DropColumnOp):
        yield from _column(step, str(step.op.column_name), around)
    else:
        yield from _table(step, around)


def _column(step: RecordedOp, old: str, around: Surroundings) -> Iterator[Finding]:
    column = around.column(step, old)
    if column is None or column.computed or column.added_in == around.recording.revision:
        return
    kind = describe(column.type, around.server)
    added = [s.op.column for s in _others(around) if isinstance(s.op, AddColumnOp) and s.table == step.table]
    similar = [
        str(c.name) for c in added if c.computed is None and alike(kind, describe(c.type, around.server))
    ]
    new = _closest(old, similar)
    if new is None or old in similar or any(copies_of(around.earlier, old)):
        return
    yield around.finding(
        step,
        f"The values in {step.table}.{old}{around.size(step.table)} are lost and {new} starts empty: this drop and "
        "add look like a rename.",
        f'Keep the name in the database and rename the attribute in the model: {new} = db.Column("{old}", …). Or only '
        f"add {new} now, carry the values over in batches, and drop {old} in a later release.",
        column=old,
    )


def _table(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    table = around.table(step)
    if table is None or not table.columns or table.created_in == around.recording.revision:
        return
    made = {str(s.table): _names(s.op) for s in _others(around) if isinstance(s.op, CreateTableOp)}
    similar = [
        key for key, names in made.items() if _share(set(table.columns), names) >= 0.6 and key != step.table
    ]
    new = _closest(str(step.table), similar)
    if new is None or any(copies_of(around.earlier, table.name)):
        return
    yield around.finding(
        step,
        f"All rows of {step.table}{around.size(step.table)} are lost and {new} starts empty: this drop and create look "
        "like a rename.",
        f'Keep the name in the database and rename the class only (__tablename__ = "{table.name}"). Or only create '
        f"{new} now, copy the rows, and drop {step.table} in a later release.",
    )


def _others(around: Surroundings) -> Iterator[RecordedOp]:
    yield from around.earlier
    yield from around.following


def _names(op: CreateTableOp) -> set[str]:
    return {str(part.name) for part in op.columns if isinstance(part, Column)}


def _share(old: set[str], new: set[str]) -> float:
    return len(old & new) / max(len(old | new), 1) if len(old & new) > 1 else 0.0


def _closest(name: str, candidates: Sequence[str]) -> str | None:
    found = difflib.get_close_matches(name, candidates, n=1, cutoff=0.0)
    return found[0] if found else None
