"""Partitioning a table that is there copies all its rows while writers wait; dropping a partition loses its rows.

What it flags
    PARTITION BY and REMOVE PARTITIONING on an existing table, REORGANIZE, REBUILD and COALESCE PARTITION, and ADD
    PARTITION PARTITIONS n, which spreads the rows of a hash anew. DROP and TRUNCATE PARTITION.
Why it hurts
    Rows move to another place one by one, and each INSERT, UPDATE and DELETE waits until all have moved. A partition
    that is dropped or emptied takes its rows with it, and no downgrade brings them back.
Example
    On mysql:8.4:

        op.execute("ALTER TABLE shelf PARTITION BY HASH(id) PARTITIONS 8")
Instead
    Create a partitioned table beside the old one, copy the rows in batches, and swap the names; or use gh-ost or
    pt-online-schema-change.
When it is fine
    The table was created in the same revision, or is small. Adding a range or list partition at the end takes a moment
    and is not flagged.
References
    MySQL manual, "Online DDL Operations", "Partitioning Operations".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ...core.table_copy import COPY_RULES, consequence, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-partition-change",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(TableOptionOp,),
    supersedes=COPY_RULES,
)
_MOVING = re.compile(
    r"^(?:PARTITION\s+BY|REMOVE\s+PARTITIONING|REORGANIZE|REBUILD|COALESCE|ADD\s+PARTITION\s+PARTITIONS)\b",
    re.IGNORECASE,
)


_LOSING = re.compile(
    r"^(?:DROP|TRUNCATE)\s+PARTITION\s+(?:IF\s+EXISTS\s+)?(?P<names>.+)$", re.IGNORECASE | re.DOTALL
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag rows that move between partitions."""
    op, effect = step.as_(TableOptionOp), around.effect_on(step.table)
    if op.option != "partition":
        return
    if lost := _LOSING.match(op.value or ""):
        yield around.finding(
            step,
            f"All rows in partition {lost['names'].replace('`', '').strip()} of {step.table} are lost for good.",
            "Keep them, or move the partition out as a table of its own and drop that once nobody needs it:",
            code=f'op.execute("ALTER TABLE {step.table} EXCHANGE PARTITION … WITH TABLE …")',
        )
    if not _MOVING.match(op.value or ""):
        return
    yield around.finding(
        step,
        f"To move the rows, {consequence(around.server, f'{step.table}{around.size(step.table)}', effect)}",
        "Copy the rows in batches into a partitioned table beside it and swap the names, or use gh-ost or "
        "pt-online-schema-change.",
        severity=severity_of(effect),
    )
