"""Numbering the rows that are there writes the whole table anew while writers wait.

What it flags
    A new AUTO_INCREMENT column on an existing table, and AUTO_INCREMENT given to a column that is there.
Why it hurts
    Every row gets a number and is written anew, while each INSERT, UPDATE and DELETE waits (INPLACE with LOCK=SHARED
    for a new column, COPY for an old one; measured on MariaDB 10.11.19). With statement-based replication, a replica
    may number the rows in another order.
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE account ADD COLUMN number BIGINT AUTO_INCREMENT UNIQUE")
Instead
    Create a new table with the numbered key and copy the rows over in batches, or make the change with gh-ost or
    pt-online-schema-change.
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Adding an auto-increment column"; strong_migrations
    add_column_auto_incrementing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES, consequence, holds_writers, is_copied
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-add-auto-increment",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AddColumnOp, AlterColumnOp),
    supersedes=("my-change-type", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag rows that get numbers."""
    name, effect = _numbered(step, around), around.effect_on(step.table)
    if name is None or not (holds_writers(effect) or is_copied(effect)):
        return
    yield around.finding(
        step,
        f"To number the rows by {name}, "
        f"{consequence(around.server, f'{step.table}{around.size(step.table)}', effect)} Replicas may number them in "
        "another order.",
        "Copy the rows in batches into a new table that has the numbered key, or use gh-ost or "
        "pt-online-schema-change.",
        column=name,
    )


def _numbered(step: RecordedOp, around: Surroundings) -> str | None:
    """Return the column that is numbered from now on."""
    op = step.op
    if isinstance(op, AddColumnOp):
        numbered = op.column.autoincrement is True or op.column.identity is not None
        in_key = op.column.primary_key and op.column.autoincrement == "auto" and not op.column.foreign_keys
        return str(op.column.name) if (numbered or in_key) and not op.column.computed else None
    alter = step.as_(AlterColumnOp)
    column = around.column(step, str(alter.column_name))
    had = alter.kw.get("existing_autoincrement") or (column is not None and column.autoincrement)
    asked = alter.kw.get("autoincrement") or alter.kw.get("mysql_autoincrement")
    return str(alter.column_name) if asked and not had else None
