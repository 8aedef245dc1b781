"""A table that takes the database's character set does not match its neighbours, which state another one.

What it flags
    A new table with text columns that states no character set, where every other table with text states one.
Why it hurts
    The new table gets what the database's default is on that server, which may differ from server to server: joins then
    fail with "Illegal mix of collations" or cannot use an index, and foreign keys on text are refused.
Example
    On mysql:8.4:

        op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")
        op.execute("ALTER TABLE book DEFAULT CHARACTER SET utf8mb4")
        op.execute("ALTER TABLE shelf DEFAULT CHARACTER SET utf8mb4")
        op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.String(50)))
Instead
    State it as the others do:

        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("text", sa.String(50)),
            mysql_charset="utf8mb4",
        )
When it is fine
    The other tables do not state one either: then the database's default is the rule.
References
    MySQL manual, "Database Character Set and Collation"; "FOREIGN KEY Constraints": collations have to match.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import CreateTableOp

from ...core.charsets import charset_of, states_charset
from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(
    id="my-implicit-charset",
    severity=Severity.WARNING,
    engines=MYSQL_FAMILY,
    ops=(CreateTableOp,),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag the one table that does not say what all others say."""
    op = step.as_(CreateTableOp)
    stated = {name: str(value) for name, value in op.kw.items()}
    if states_charset(stated) or step.clauses.keys() & {"like", "as"} or not any(map(_is_open, op.columns)):
        return
    others = [table for table in around.state.tables.values() if table.key != step.table and _has_text(table)]
    charsets = {charset_of(table) for table in others if states_charset(table.options)}
    if not charsets or not all(states_charset(table.options) for table in others):
        return
    usual = next(iter(charsets)) if len(charsets) == 1 else None
    yield around.finding(
        step,
        f"{step.table} takes the character set of the database, while all other tables state theirs"
        f"{f' ({usual})' if usual else ''}: where the two differ, joins on text fail or use no index, and foreign keys "
        "on text are refused.",
        "State it:",
        fix=_stated(op, usual) if usual and around.stands_alone(step) else None,
    )


def _is_open(item: Any) -> bool:
    """True for a text column whose character set is not given."""
    kind = item.type if isinstance(item, sa.Column) else None
    text = isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)
    return text and not getattr(kind, "charset", None) and not getattr(kind, "collation", None)


def _has_text(table: TableState) -> bool:
    return any(isinstance(column.type, sa.String) for column in table.columns.values())


def _stated(op: CreateTableOp, charset: str) -> Fix:
    changed = copy(op)
    changed.kw = {**op.kw, "mysql_charset": charset}
    return Fix("State the character set", (FixStep((changed,)),), safe=False)
