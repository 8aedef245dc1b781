"""REFERENCES behind a column is read and forgotten: there is no foreign key, and nobody says so.

What it flags
    `REFERENCES` as part of a column's definition, in CREATE TABLE and ADD COLUMN, on MySQL before 9.0 and MariaDB
    before 10.5.
Why it hurts
    The statement succeeds without an error or a warning, and rows without a parent come in from the first day.
Example
    On mysql:8.4:

        op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT REFERENCES account (id))")
Instead
    Write the key as a constraint of the table:

        op.execute(
            "CREATE TABLE note (id INT PRIMARY KEY, account_id INT, FOREIGN KEY (account_id) REFERENCES account (id))"
        )
When it is fine
    Never. `sa.ForeignKey` in `op.create_table` is written as a constraint of the table and is not meant.
References
    MySQL 8.4 manual, "FOREIGN KEY Constraint Differences": inline REFERENCES are ignored; MySQL 9.0 release notes.
    MariaDB keeps them from 10.5 on (measured on MariaDB 10.11.19).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateTableOp
from sqlalchemy import Column, ForeignKeyConstraint

from ...core.finding import Finding, Severity
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="mysql-inline-references-ignored",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(CreateTableOp, AddColumnOp),
    new_tables=True,
    supersedes=("my-add-fk",),
)
_KEPT_FROM = {"mysql": (9,), "mariadb": (10, 5)}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag keys that the server forgets."""
    if around.server.at_least(*_KEPT_FROM[around.server.engine]):
        return
    for column in _inline(step):
        key = next(iter(column.foreign_keys))
        parent, _, referred = str(key.target_fullname).rpartition(".")
        name = f"fk_{step.table}_{column.name}_{parent}".replace(".", "_")
        yield around.finding(
            step,
            f"{around.server} reads REFERENCES {parent} behind {step.table}.{column.name} and forgets it: there is no "
            "foreign key, and rows without a parent come in.",
            "Write it as a constraint of the table:",
            code=f'op.create_foreign_key("{name}", "{step.table}", "{parent}", ["{column.name}"], ["{referred}"])',
            column=str(column.name),
        )


def _inline(step: RecordedOp) -> Iterator[Column[object]]:
    """Yield the columns whose key stands in their definition."""
    op = step.op
    if isinstance(op, AddColumnOp):
        columns = [op.column] if op.inline_references else []
    else:
        items = step.as_(CreateTableOp).columns if step.source != "op" else []
        outside = {
            name for item in items if isinstance(item, ForeignKeyConstraint) for name in item.column_keys
        }
        columns = [item for item in items if isinstance(item, Column) and item.name not in outside]
    yield from (column for column in columns if column.foreign_keys)
