"""MODIFY and CHANGE describe the whole column anew, and what they do not repeat is gone.

What it flags
    `ALTER TABLE … MODIFY` and `CHANGE` that leave out the NOT NULL, default, comment, collation or AUTO_INCREMENT that
    the column has.
Why it hurts
    The server takes what is not written for "none", without an error or a warning (measured on MariaDB 10.11.19): rows
    without a value come in, INSERTs that relied on the default or on AUTO_INCREMENT fail.
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE account MODIFY active BOOLEAN NOT NULL")
Instead
    Repeat all that the column has:

        op.execute("ALTER TABLE account MODIFY active BOOLEAN NOT NULL DEFAULT true")
When it is fine
    The attribute is meant to go: then say so in a statement of its own, such as `ALTER COLUMN … DROP DEFAULT`.
References
    MySQL manual, ALTER TABLE, "Renaming, Redefining, and Reordering Columns". For `op.alter_column` the same hazard is
    alter-column-missing-existing.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AlterColumnOp

from ...core.charsets import charset_of
from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ColumnState, TableState

RULE = Rule(
    id="my-modify-drops-attributes",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    new_tables=True,
    fixable=True,
)
_NAMES = {
    "modify_nullable": "NOT NULL",
    "modify_server_default": "its default",
    "modify_comment": "its comment",
    "autoincrement": "AUTO_INCREMENT",
    "collation": "its collation",
}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what the statement forgets."""
    op, table = step.as_(AlterColumnOp), around.table(step)
    column = around.column(step, str(op.column_name))
    if "restates" not in step.clauses or column is None or column.computed:
        return
    missing = _missing(op, column, table)
    if not missing:
        return
    lost = " and ".join(_NAMES[name] for name in missing)
    yield around.finding(
        step,
        f"Column {op.column_name} of {step.table} silently loses {lost}: MODIFY and CHANGE describe the whole column "
        "anew, and what they do not repeat is gone.",
        "Repeat what the column has:",
        column=str(op.column_name),
        fix=_fix(step, missing, around),
    )


def _missing(op: AlterColumnOp, column: ColumnState, table: TableState | None) -> dict[str, Any]:
    """Return the attributes that the column has and the statement does not repeat."""
    missing: dict[str, Any] = {}
    in_key = table is not None and column.name in table.primary_key
    if column.nullable is False and op.modify_nullable is None and not in_key:
        missing["modify_nullable"] = False
    if column.default and op.modify_server_default is False:
        missing["modify_server_default"] = sa.DefaultClause(sa.text(column.default))
    if column.comment and op.modify_comment is False:
        missing["modify_comment"] = column.comment
    if column.autoincrement and not op.kw.get("autoincrement") and _is_whole(op.modify_type):
        missing["autoincrement"] = True
    if column.collation and not _says_collation(op.modify_type) and charset_of(table) is None:
        missing["collation"] = column.collation
    return missing


def _is_whole(kind: Any) -> bool:
    return isinstance(kind, sa.Integer)


def _says_collation(kind: Any) -> bool:
    """True if the new type states a collation or character set, or cannot have one."""
    if not isinstance(kind, sa.String):
        return True
    return bool(getattr(kind, "collation", None) or getattr(kind, "charset", None))


def _fix(step: RecordedOp, missing: dict[str, Any], around: Surroundings) -> Fix | None:
    """Return the operation with everything repeated, if it is alone in its call and says nothing that is lost."""
    if not around.stands_alone(step) or set(step.clauses) != {"restates"} or "collation" in missing:
        return None
    filled = copy(step.as_(AlterColumnOp))
    filled.kw = dict(filled.kw)
    for name, value in missing.items():
        filled.kw.update({name: value}) if name == "autoincrement" else setattr(filled, name, value)
    return Fix("Repeat what the column has", (FixStep((filled,)),), safe=False)
