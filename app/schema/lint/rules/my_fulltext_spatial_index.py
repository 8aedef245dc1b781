"""Building a FULLTEXT or SPATIAL index keeps writers waiting until it is done, unlike any other index.

What it flags
    A FULLTEXT or SPATIAL index on an existing table.
Why it hurts
    Other indexes are built while writers go on; these take LOCK=SHARED: INSERT, UPDATE and DELETE wait for a time that
    grows with the table. The first FULLTEXT index of a table also writes every row anew, to give it an
    FTS_DOC_ID (measured on MariaDB 10.11.19 and MySQL 9.7.4).
Example
    On mariadb:10.11:

        op.create_index("ft_account_bio", "account", ["bio"], mysql_prefix="FULLTEXT")
Instead
    Build it in a maintenance window, make the change with gh-ost or pt-online-schema-change, or search in a table of
    its own that is filled in batches.
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Adding a FULLTEXT index", "Adding a SPATIAL index".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-fulltext-spatial-index",
    severity=Severity.WARNING,
    engines=MYSQL_FAMILY,
    ops=(CreateIndexOp,),
    supersedes=COPY_RULES,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that is built while writers wait."""
    op = step.as_(CreateIndexOp)
    kind = str(op.kw.get("mysql_prefix") or op.kw.get("mariadb_prefix") or "").upper()
    if kind not in ("FULLTEXT", "SPATIAL"):
        return
    yield around.finding(
        step,
        f"Every INSERT, UPDATE and DELETE on {step.table}{around.size(step.table)} waits until the {kind} index "
        f"{op.index_name} is built; the more rows, the longer.",
        "Build it in a maintenance window, or with gh-ost or pt-online-schema-change.",
    )
