"""Dropping a table takes the rows of other tables along, or fails because of them.

What it flags
    `op.drop_table` of a table that other tables still refer to.
Why it hurts
    With foreign keys on, SQLite deletes the rows first, and the foreign keys of other tables do what they say: CASCADE
    deletes their rows, SET NULL blanks the reference, without an error; otherwise the drop fails as soon as a row
    refers to it.
Example
    On sqlite:3.40:

        allow = {"drop-table forum": "no code uses it since release 41"}
        op.drop_table("forum")
Instead
    Take the foreign keys away first, with the columns or the tables that hold them:

        allow = {"drop-table": "no code uses them since release 41"}
        op.drop_table("topic")
        op.drop_table("forum")
When it is fine
    No row refers to the table.
References
    SQLite documentation, DROP TABLE. Measured on SQLite 3.40.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropTableOp

from ...core.finding import Finding, Severity
from ...core.rebuild import foreign_keys_on, on_delete, referring
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="sl-drop-table-fk", severity=Severity.ERROR, engines=SQLITE, ops=(DropTableOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table whose end is felt by the tables that refer to it."""
    name = step.table or ""
    gone_later = {other.table for other in around.following if isinstance(other.op, DropTableOp)}
    enforced = foreign_keys_on(around.earlier, usually=around.environment.foreign_keys)
    found: dict[str, list[str]] = {}
    for child, constraint in referring(around.state, name, around.recording.revision):
        action = on_delete(constraint) if enforced else "CHECK"
        silent = action not in ("NO ACTION", "RESTRICT")
        if child.key != name and not (silent and child.key in gone_later):
            found.setdefault(action, []).append(child.key)
    if not found or _is_replaced(step, around):
        return
    yield around.finding(
        step,
        " ".join(
            _consequence(action, dict.fromkeys(children), name) for action, children in sorted(found.items())
        ),
        "Take the foreign keys away first, with the columns or the tables that hold them.",
    )


def _consequence(action: str, children: Iterable[str], name: str) -> str:
    tables = listed(children)
    if action == "CASCADE":
        return f"All rows of {tables} that refer to {name} are deleted with it, without an error (ON DELETE CASCADE)."
    if action in ("SET NULL", "SET DEFAULT"):
        return f"Every reference of {tables} to {name} is set to {action.removeprefix('SET ')}, without an error."
    if action == "CHECK":
        return (
            f"The revision is refused at its end if a row of {tables} refers to {name}, which is gone then."
        )
    return f"The revision fails with `FOREIGN KEY constraint failed` as soon as a row of {tables} refers to {name}."


def _is_replaced(step: RecordedOp, around: Surroundings) -> bool:
    """True if another table takes the name while nothing is enforced: that is how a table is rebuilt by hand."""
    enforced = foreign_keys_on(around.earlier, usually=around.environment.foreign_keys)
    name = step.as_(DropTableOp).table_name
    return not enforced and any(
        getattr(other.op, "new_table_name", None) == name or getattr(other.op, "table_name", None) == name
        for other in around.following
    )
