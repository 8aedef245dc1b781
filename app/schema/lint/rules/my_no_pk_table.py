"""A table without a primary key makes replicas read all of it for every row that changes.

What it flags
    A new table that has neither a primary key nor a unique key of NOT NULL columns when the revision is done.
Why it hurts
    With row-based replication a replica has nothing to find the changed row by and reads the whole table, for each row.
    Group replication refuses to write to such tables, and `sql_require_primary_key` (MySQL) or
    `innodb_force_primary_key` (MariaDB) refuse to create them.
Example
    On mysql:8.4:

        op.create_table("account_shelf", sa.Column("account_id", sa.Integer()), sa.Column("shelf_id", sa.Integer()))
Instead
    Give it a key; for a table between two others that is both columns:

        op.create_table(
            "account_shelf",
            sa.Column("account_id", sa.Integer(), primary_key=True),
            sa.Column("shelf_id", sa.Integer(), primary_key=True),
        )
When it is fine
    The table is temporary, or made as a copy of another one (LIKE).
References
    MySQL manual, `sql_require_primary_key` and "Group Replication Requirements"; MariaDB, `innodb_force_primary_key`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateTableOp

from ...core.finding import Finding, Severity
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(id="my-no-pk-table", severity=Severity.WARNING, engines=MYSQL_FAMILY, scope="revision")
_COPIED = ("like", "as", "temporary", "temp", "virtual")


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag new tables that have no key in the end."""
    for step in around.recording.operations:
        table = around.state.table(step.table) if isinstance(step.op, CreateTableOp) else None
        if table is None or table.created_in != around.recording.revision or _is_exempt(step):
            continue
        if table.columns and not _has_key(table):
            yield around.finding(
                step,
                f"{step.table} has no primary key: replicas read the whole table for each of its rows that changes, "
                "and servers that require a key refuse it.",
                "Give it a primary key: an `id`, or the columns that tell its rows apart.",
            )


def _is_exempt(step: RecordedOp) -> bool:
    prefixes = [str(prefix).upper() for prefix in step.as_(CreateTableOp).kw.get("prefixes", ())]
    return bool(step.clauses.keys() & set(_COPIED)) or "TEMPORARY" in prefixes


def _has_key(table: TableState) -> bool:
    """True for a primary key, or a unique key whose columns are all NOT NULL."""
    keys = [constraint.columns for constraint in table.of_kind("unique")]
    keys += [index.columns for index in table.indexes.values() if index.unique]
    whole = (
        key
        for key in keys
        if all(name in table.columns and table.columns[name].nullable is False for name in key)
    )
    return bool(table.primary_key) or any(whole)
