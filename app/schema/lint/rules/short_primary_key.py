"""A small integer as primary key runs out of numbers, and then every INSERT fails.

What it flags
    A new table whose primary key numbers its rows by itself with SMALLINT, TINYINT or MEDIUMINT. INTEGER, which every
    tutorial uses and which lasts for two billion rows, is left alone.
Why it hurts
    SMALLINT ends at 32,767, MEDIUMINT at 8,388,607; deleted rows do not give their numbers back. Widening the key
    later rewrites the table and every table that refers to it, while nobody can read or write.
Example
    On postgresql:15:

        op.create_table("tag", sa.Column("id", sa.SmallInteger(), primary_key=True), sa.Column("label", sa.Text()))
Instead
    Use a BIGINT from the start; it costs a few bytes for each row:

        op.create_table("tag", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("label", sa.Text()))
When it is fine
    The table holds a short list that is known in advance; then give the numbers by hand (`autoincrement=False`).
References
    squawk "prefer-big-int"; online_migrations, "Short primary key type".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateTableOp

from ...core.finding import Finding, Severity
from ...core.types import describe
from ..rule import MYSQL_FAMILY, POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="short-primary-key",
    severity=Severity.WARNING,
    engines=(*POSTGRESQL, *MYSQL_FAMILY),
    ops=(CreateTableOp,),
    new_tables=True,
)
_LAST = {"tinyint": 127, "smallint": 32_767, "mediumint": 8_388_607}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a primary key that a table can outgrow."""
    table = step.as_(CreateTableOp).to_table()
    keys = list(table.primary_key.columns)
    referring = {name for constraint in table.foreign_key_constraints for name in constraint.column_keys}
    if len(keys) != 1 or keys[0].autoincrement is False or keys[0].key in referring:
        return
    kind = describe(keys[0].type, around.server)
    if kind is None or kind.name not in _LAST:
        return
    yield around.finding(
        step,
        f"After {_LAST[kind.name]:,} rows every INSERT into {step.table} fails: {keys[0].name} is a {kind.name}, and "
        "deleted rows do not give their numbers back.",
        "Use a BIGINT from the start:",
        code=f'sa.Column("{keys[0].name}", sa.BigInteger(), primary_key=True)',
        column=str(keys[0].name),
    )
