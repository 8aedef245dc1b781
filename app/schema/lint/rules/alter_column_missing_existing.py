"""The column loses its NOT NULL, default, comment or AUTO_INCREMENT, because MySQL wants all of it said again.

What it flags
    `op.alter_column` on MySQL or MariaDB that changes the type, the name, the comment or whether NULL is allowed, and
    does not repeat what the column has besides: `existing_type`, `existing_nullable`, `existing_server_default`,
    `existing_comment`, `autoincrement`.
Why it hurts
    Alembic sends MODIFY or CHANGE, which describes the whole column anew. What is not repeated is gone, without an
    error (measured on MariaDB 10.11.19). Without the type nothing can be sent, and the revision fails.
Example
    On mariadb:10.11:

        op.alter_column("account", "email", comment="for signing in", existing_type=sa.String(255))
Instead
    Repeat what the column has:

        op.alter_column(
            "account", "email", comment="for signing in", existing_type=sa.String(255), existing_nullable=False
        )
When it is fine
    The column has nothing besides its type. Changing only the default is always fine: that is a statement of its own.
References
    MySQL manual, ALTER TABLE, "Renaming, Redefining, and Reordering Columns"; Alembic, `op.alter_column`.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.restating import is_given, restates
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ColumnState

RULE = Rule(
    id="alter-column-missing-existing",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    new_tables=True,
    fixable=True,
    supersedes=("my-modify-drops-attributes",),
)

# What is lost, by the argument that keeps it.
_LOSSES = {
    "existing_nullable": "NOT NULL",
    "existing_server_default": "its server default",
    "existing_comment": "its comment",
    "autoincrement": "AUTO_INCREMENT",
}
_WHY = "MySQL describes the whole column anew, and what the statement does not repeat is gone."


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what the statement forgets."""
    op = step.as_(AlterColumnOp)
    if step.source != "op" or not restates(op):
        return
    column = around.column(step, str(op.column_name))
    missing = _missing(op, column)
    what = f"column {op.column_name} of {step.table}"
    if op.modify_type is None and op.existing_type is None:
        if column is not None and column.type is not None:
            missing = {"existing_type": column.type, **missing}
        message = (
            f"The revision fails: without its type Alembic cannot describe {what} anew, as MySQL wants it."
        )
        yield _finding(step, around, message, missing)
    elif missing:
        lost = " and ".join(_LOSSES[name] for name in missing)
        yield _finding(step, around, f"C{what[1:]} silently loses {lost}: {_WHY}", missing)
    elif column is None and None is op.modify_nullable is op.existing_nullable:
        message = f"C{what[1:]} comes to take NULL, if it was NOT NULL: {_WHY}"
        yield _finding(step, around, message, {}, Severity.WARNING)


def _missing(op: AlterColumnOp, column: ColumnState | None) -> dict[str, Any]:
    """Return the arguments that keep what the column has, by name."""
    if column is None or column.computed:
        return {}
    missing: dict[str, Any] = {}
    if column.nullable is False and op.modify_nullable is None and op.existing_nullable is None:
        missing["existing_nullable"] = False
    if column.default and op.modify_server_default is False and not is_given(op.existing_server_default):
        missing["existing_server_default"] = sa.DefaultClause(sa.text(column.default))
    if column.comment and op.modify_comment is False and op.existing_comment is None:
        missing["existing_comment"] = column.comment
    if column.autoincrement and not op.kw.get("autoincrement") and not op.kw.get("existing_autoincrement"):
        missing["autoincrement"] = True
    return missing


def _finding(
    step: RecordedOp,
    around: Surroundings,
    message: str,
    missing: dict[str, Any],
    severity: Severity | None = None,
) -> Finding:
    filled = copy(step.as_(AlterColumnOp))
    filled.kw = dict(filled.kw)
    for name, value in missing.items():
        filled.kw.update({name: value}) if name == "autoincrement" else setattr(filled, name, value)
    return around.finding(
        step,
        message,
        "Repeat what the column has:"
        if missing
        else "Repeat what the column has, `existing_nullable` above all.",
        column=str(filled.column_name),
        fix=Fix("Repeat what the column has", (FixStep((filled,)),), safe=False) if missing else None,
        severity=severity,
    )
