"""With foreign_key_checks off, rows without a parent come in, and nobody ever checks them afterwards.

What it flags
    `SET foreign_key_checks = 0` with a new foreign key or changed rows behind it and no query for rows without a parent
    after that; or without `SET foreign_key_checks = 1` in the same revision.
Why it hurts
    Switching the checks on again verifies nothing (measured on MariaDB 10.11.19): the key says that every row has a
    parent, and joins silently lose those that have none.
Example
    On mariadb:10.11:

        op.execute("SET foreign_key_checks = 0")
        op.execute("DELETE FROM account WHERE id = 1")
        op.execute("SET foreign_key_checks = 1")
Instead
    Leave the checks on, or look for rows without a parent at the end:

        op.execute("SET foreign_key_checks = 0")
        op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])
        op.execute("SET foreign_key_checks = 1")
        orphans = op.get_bind().scalar(
            sa.text("SELECT count(*) FROM shelf c LEFT JOIN account p ON p.id = c.id WHERE p.id IS NULL")
        )
        if orphans:
            raise RuntimeError(f"{orphans} rows of shelf have no account")
When it is fine
    Only tables are dropped, or types of key columns changed, between off and on.
References
    MySQL manual, `foreign_key_checks`: setting it to 1 does not scan the rows that are there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.copies import mentions
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp, SelectOp, SettingOp, TruncateOp
from ...core.variables import is_off
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.recorded import RecordedOp

RULE = Rule(id="my-fk-checks-off", severity=Severity.ERROR, engines=MYSQL_FAMILY, ops=(SettingOp,))
_NAME = "foreign_key_checks"
_ORPHANS = re.compile(r"\b(?:left\s+(?:outer\s+)?join|not\s+exists|not\s+in|except)\b", re.IGNORECASE)


_ADVICE = (
    "Leave the checks on and write the rows in the right order; or query for rows without a parent behind it, and "
    "raise an error if there are any."
)
_STAYS = "Foreign keys stay unchecked for the rest of the session, in the revisions behind this one too."


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag checks that are switched off and never made up for."""
    op = step.as_(SettingOp)
    if op.name != _NAME or not is_off(op.value):
        return
    if op.scope == "global":
        yield around.finding(step, "Nobody on this server has foreign keys checked any more.", _ADVICE)
        return
    window, ends = _unchecked(step, op, around.following)
    hurt = next((other for other in window if _is_risky(other, window, around)), None)
    if hurt is not None and not _looked_for(hurt, around.following):
        is_key = isinstance(hurt.op, (ops.CreateForeignKeyOp, ops.AddColumnOp))
        yield around.finding(
            step,
            f"{'A foreign key' if is_key else 'A change of rows'} of {hurt.table} in line {hurt.line} is not checked: "
            "rows without a parent stay, and switching the checks on again does not look at them.",
            _ADVICE,
            table=hurt.table,
        )
    elif not ends:
        on = 'op.execute("SET SESSION foreign_key_checks = 1")'
        yield around.finding(step, _STAYS, "Switch the checks on again:", code=on)


def _unchecked(
    step: RecordedOp, op: SettingOp, following: Sequence[RecordedOp]
) -> tuple[list[RecordedOp], bool]:
    """Return the steps that run unchecked, and whether that ends within the revision."""
    if op.scope == "statement":
        return [other for other in following if other.statement == step.statement], True
    for number, other in enumerate(following):
        if isinstance(other.op, SettingOp) and other.op.name == _NAME and not is_off(other.op.value):
            return list(following[:number]), True
    return list(following), False


def _is_risky(step: RecordedOp, window: Sequence[RecordedOp], around: Surroundings) -> bool:
    """True for what can leave rows without a parent behind."""
    op, table = step.op, around.table(step)
    if isinstance(op, ops.CreateForeignKeyOp):
        created = any(
            isinstance(other.op, ops.CreateTableOp) and other.table == step.table for other in window
        )
        return not (created or around.is_new(step.table))
    if isinstance(op, ops.AddColumnOp):
        filled = op.column.server_default is not None or not op.column.nullable
        return bool(op.column.foreign_keys) and filled
    if not isinstance(op, (DmlOp, ops.BulkInsertOp, TruncateOp)):
        return False
    related = table is None or not table.known or any(table.of_kind("foreign key"))
    return related or any(around.state.referencing(table.key if table else ""))


def _looked_for(hurt: RecordedOp, following: Sequence[RecordedOp]) -> bool:
    """True if the revision asks for rows without a parent, and can see the answer, behind the step."""
    later = following[following.index(hurt) + 1 :]
    queries = (other.op.sql for other in later if isinstance(other.op, SelectOp) and other.source == "bind")
    return any(_ORPHANS.search(sql) and (not hurt.table or mentions(sql, hurt.table)) for sql in queries)
