"""The whole table is copied or built anew, and writers wait until that is done.

What it flags
    An operation on an existing table that MySQL or MariaDB can only do by copying it (ALGORITHM=COPY), or by
    building it anew with LOCK=SHARED, where no rule about that very operation speaks.
Why it hurts
    Every INSERT, UPDATE and DELETE waits for a time that grows with the table, the copy needs the table's size again
    on disk, and replicas repeat all of it afterwards. MariaDB 11.2 and later let writers go on while they copy: there
    it is a warning (measured on MariaDB 10.11.19, 11.8.9 and MySQL 9.7.4).
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE account ENGINE = MyISAM")
Instead
    Make the change with gh-ost or pt-online-schema-change, which copy the table while writers go on, and mark the
    revision as done with `flask db stamp`.
When it is fine
    The table was created in the same revision, is small, or nobody writes to it while the revision runs.
References
    MySQL manual, "Online DDL Operations"; MariaDB, "InnoDB Online DDL Overview".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateForeignKeyOp,
    DropConstraintOp,
    MigrateOperation,
)

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ...core.table_copy import consequence, holds_writers, is_copied, severity_of
from ...core.types import describe
from ...core.variables import foreign_keys_unchecked
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="my-copy-algorithm", severity=Severity.ERROR, engines=MYSQL_FAMILY, ops=(MigrateOperation,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag work on the whole table that writers wait for."""
    effect = around.effect_on(step.table)
    if not (holds_writers(effect) or is_copied(effect)) or _has_a_rule(step, around):
        return
    yield around.finding(
        step,
        consequence(around.server, f"{step.table}{around.size(step.table)}", effect),
        "Make the change with gh-ost or pt-online-schema-change, which copy the table while writers go on, and mark "
        "the revision as done with `flask db stamp`.",
        severity=severity_of(effect),
    )


def _has_a_rule(step: RecordedOp, around: Surroundings) -> bool:
    """True for operations whose own rules know better: keys dropped or unchecked, partitions, character sets."""
    op = step.op
    option = isinstance(op, TableOptionOp) and op.option in ("partition", "convert charset")
    unchecked = _is_key(op) and foreign_keys_unchecked(step, around.earlier)
    return isinstance(op, DropConstraintOp) or option or unchecked or _keeps_type(step, around)


def _keeps_type(step: RecordedOp, around: Surroundings) -> bool:
    """True if the type is repeated as it is: autogenerate writes the collation too, which the history may not."""
    op = step.op
    if not isinstance(op, AlterColumnOp) or op.modify_type is not None or op.kw.get("autoincrement"):
        return False
    column, table = around.column(step, str(op.column_name)), around.table(step)
    if table is not None and any(other.computed for other in table.columns.values()):
        return False
    known, said = (
        describe(kind, around.server) for kind in (column.type if column else None, op.existing_type)
    )
    if known is None or said is None:
        return True
    return (known.name, known.args, known.values) == (said.name, said.args, said.values)


def _is_key(op: MigrateOperation) -> bool:
    return isinstance(op, CreateForeignKeyOp) or (
        isinstance(op, AddColumnOp) and bool(op.column.foreign_keys)
    )
