"""Another character set writes every row anew while writers wait, and can widen columns or break indexes.

What it flags
    `CONVERT TO CHARACTER SET` on an existing table, and a column that gets another character set, or another
    collation where that copies the table or builds its indexes anew.
Why it hurts
    The table is copied while each INSERT, UPDATE and DELETE waits. CONVERT also changes types (TEXT becomes MEDIUMTEXT
    to hold as many characters), makes index keys longer than allowed, and comparisons with tables that keep the old
    collation fail with "Illegal mix of collations".
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE account CONVERT TO CHARACTER SET utf8mb4")
Instead
    Set the table's default for new columns, which is done at once. Move the old columns over new ones of the right
    set, one by one, or the table with gh-ost or pt-online-schema-change:

        op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")
When it is fine
    The table was created in the same revision, is small, or has this character set already. MariaDB goes from utf8mb3
    to utf8mb4 at once, except for TEXT.
References
    MySQL manual, "Online DDL Operations", "Converting a character set"; measured on MariaDB 10.11.19.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.charsets import ENDLESS, charset_of, is_same_charset, is_widened
from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ...core.types import describe
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.effect import Effect
    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-charset-convert",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(TableOptionOp, AlterColumnOp),
    supersedes=("my-change-type", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag text that is written anew in another character set."""
    effect = around.effect_on(step.table)
    if isinstance(step.op, TableOptionOp):
        if step.op.option == "convert charset" and not _has_it(step.op, step, around):
            yield _finding(step, around, effect, None)
    elif _changes_set(step, around, effect):
        yield _finding(step, around, effect, str(step.as_(AlterColumnOp).column_name))


def _finding(step: RecordedOp, around: Surroundings, effect: Effect | None, column: str | None) -> Finding:
    what = f"the column {column}" if column else "all its text"
    return around.finding(
        step,
        f"To convert {what}, {consequence(around.server, f'{step.table}{around.size(step.table)}', effect)} Comparing "
        "with text that keeps its collation can fail from then on.",
        "Set the default for new columns, which is done at once, and move old columns over new ones, or the table with "
        "gh-ost or pt-online-schema-change."
        if column is None
        else "Add a column of the new character set and fill it in batches, or use gh-ost or pt-online-schema-change.",
        column=column,
        severity=severity_of(effect),
    )


def _has_it(op: TableOptionOp, step: RecordedOp, around: Surroundings) -> bool:
    """True if MariaDB changes the description only (measured on MariaDB 10.11.19): no collation is asked for."""
    table, asked = around.table(step), (op.value or "").lower()
    known = charset_of(table)
    if table is None or known is None or around.server.engine != "mariadb":
        return False
    kinds = [describe(column.type, around.server) for column in table.columns.values()]
    has_text = any(kind is None or kind.name in ENDLESS for kind in kinds)
    return known == asked or (is_widened(known, asked) and not has_text and table.known)


def _changes_set(step: RecordedOp, around: Surroundings, effect: Effect | None) -> bool:
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    old = describe((column.type if column else None) or op.existing_type, around.server)
    new = describe(op.modify_type, around.server)
    if old is None or new is None or old.name != new.name:
        return False
    before = old.charset or charset_of(around.table(step))
    if new.charset and not is_same_charset(before, new.charset):
        free = around.server.engine == "mariadb" and is_widened(before or "", new.charset)
        return not free or is_copied(effect)
    differs = bool(new.collation) and new.collation != old.collation
    return differs and old.args == new.args and is_copied(effect)
