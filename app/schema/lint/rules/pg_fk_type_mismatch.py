"""A referencing column of another type than the key runs out before the key does, or is refused at once.

What it flags
    A foreign key whose column is a narrower integer than the column that it refers to, or of a type that PostgreSQL
    cannot compare with it.
Why it hurts
    Once the key passes 2,147,483,647, an integer column can no longer refer to it, and widening it then rewrites the
    table. Types that do not compare, such as text and uuid, make the revision fail.
Example
    On postgresql:15:

        op.create_table("event", sa.Column("id", sa.BigInteger(), primary_key=True))
        op.create_table(
            "visit",
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("event_id", sa.Integer(), sa.ForeignKey("event.id")),
        )
Instead
    Give it the type of the key:

        op.create_table("event", sa.Column("id", sa.BigInteger(), primary_key=True))
        op.create_table(
            "visit",
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("event_id", sa.BigInteger(), sa.ForeignKey("event.id")),
        )
When it is fine
    The key is on its way to a smaller type.
References
    Measured on PostgreSQL 15.18; online_migrations, mismatched_foreign_key_type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp, CreateForeignKeyOp, CreateTableOp
from sqlalchemy import Column

from ...core.finding import Finding, Severity
from ...core.foreign_keys import NewKey, new_keys
from ...core.types import describe
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-fk-type-mismatch",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(CreateForeignKeyOp, CreateTableOp, AddColumnOp),
    new_tables=True,
)
_INTEGERS = ("smallint", "integer", "bigint")
# What can be compared through one index. An integer may refer to a numeric, not the other way round.
_FAMILIES = (
    {*_INTEGERS},
    {"numeric"},
    {"varchar", "text", "char"},
    {"uuid"},
    {"boolean"},
    {"date", "timestamp", "timestamptz"},
    {"bytea"},
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag each pair of columns whose types do not go together."""
    for key in new_keys(step.op):
        for column, referred in zip(key.columns, key.referred, strict=False):
            own, other = _type(step, step.table, column, around), _type(step, key.parent, referred, around)
            if own and other and own != other:
                yield from _compared(step, key, (column, own), (referred, other), around)


def _compared(
    step: RecordedOp, key: NewKey, own: tuple[str, str], other: tuple[str, str], around: Surroundings
) -> Iterator[Finding]:
    pair = f"{step.table}.{own[0]} is {own[1]} and {key.parent}.{other[0]} is {other[1]}"
    advice = f"Make {step.table}.{own[0]} {other[1]} as well."
    if _is_refused(own[1], other[1]):
        yield around.finding(
            step,
            f"The revision fails: {pair}, which PostgreSQL cannot compare.",
            advice,
            column=own[0],
            severity=Severity.ERROR,
        )
    elif (
        own[1] in _INTEGERS and other[1] in _INTEGERS and _INTEGERS.index(own[1]) < _INTEGERS.index(other[1])
    ):
        yield around.finding(
            step,
            f"{pair}: once the key has passed the greatest {own[1]}, no row of {step.table} can refer to it, and "
            "widening the column then rewrites the table.",
            advice,
            column=own[0],
        )


def _is_refused(own: str, other: str) -> bool:
    families = [next((f for f in _FAMILIES if name in f), None) for name in (own, other)]
    if None in families or families[0] is families[1]:
        return False
    return not (own in _INTEGERS and other == "numeric")


def _type(step: RecordedOp, table: str | None, column: str, around: Surroundings) -> str | None:
    """Return the name of a column's type, of the table that the operation makes or of one that is there."""
    found: Any = None
    if table == step.table:
        made = [step.op.column] if isinstance(step.op, AddColumnOp) else getattr(step.op, "columns", ())
        found = next((c.type for c in made if isinstance(c, Column) and c.name == column), None)
    if found is None:
        known = around.state.column(table, column)
        found = known.type if known else None
    described = describe(found, around.server)
    return described.name if described and not described.dimensions else None
