"""Foreign keys follow the old table: once it is dropped, every write to the tables that refer to it fails.

What it flags
    A table that is renamed away while another takes its name in the same revision, if other tables refer to it.
Why it hurts
    Since 3.26, renaming a table rewrites the foreign keys of other tables to the new name. In the order "rename the old
    one, create the new one, copy, drop the old one" they end up at a table that is gone: `no such table`.
Example
    On sqlite:3.40:

        allow = {"rename-table forum": "a table of the same name takes its place"}
        op.rename_table("forum", "forum_old")
        op.create_table("forum", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("place", sa.Integer()))
        op.execute("INSERT INTO forum SELECT id, place FROM forum_old WHERE id < 100")
Instead
    Let Alembic rebuild the table with foreign keys off, or keep its order: create the new table under another name,
    copy the rows, drop the old table, and rename the new one last.
When it is fine
    `PRAGMA legacy_alter_table=ON` stands before it, or SQLite is older than 3.26.
References
    SQLite documentation, "Making Other Kinds Of Table Schema Changes", the caution below it. Measured on
    SQLite 3.40.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateTableOp, RenameTableOp

from ...core.finding import Finding, Severity
from ...core.rebuild import setting
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="sl-rename-table-rewrites-fk", severity=Severity.ERROR, engines=SQLITE, ops=(RenameTableOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that leaves its name to another one, with the foreign keys going along."""
    op, name = step.as_(RenameTableOp), step.table or ""
    if not _is_replaced(step, around) or not around.server.at_least(3, 26):
        return
    children = [child.key for child, _ in around.state.referencing(name) if child.key != name]
    if not children or setting(around.earlier, "legacy_alter_table"):
        return
    yield around.finding(
        step,
        f"The foreign keys of {listed(dict.fromkeys(children))} go along: SQLite rewrites them to "
        f"{op.new_table_name}, and "
        f"they do not come back to the new {name}. Once {op.new_table_name} is dropped, every write to "
        f"{'that table' if len(set(children)) == 1 else 'those tables'} fails with `no such table`.",
        "Create the new table under another name, copy the rows, drop the old table, and rename the new one last.",
    )


def _is_replaced(step: RecordedOp, around: Surroundings) -> bool:
    name = step.as_(RenameTableOp).table_name
    return any(
        (isinstance(other.op, CreateTableOp) and other.op.table_name == name)
        or (isinstance(other.op, RenameTableOp) and other.op.new_table_name == name)
        for other in around.following
    )
