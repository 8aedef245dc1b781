"""An index without a name cannot be found again to be cleaned up when its concurrent build fails.

What it flags
    `CREATE INDEX CONCURRENTLY ON …` without a name, or `op.create_index(None, …, postgresql_concurrently=True)`.
Why it hurts
    PostgreSQL makes up a name. A build that is cut short leaves an invalid index of that name; the next run makes up
    another one (`account_name_idx1`), and the invalid one stays and slows every write.
Example
    On postgresql:15:

        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ON account (name)")
Instead
    Name it:

        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
When it is fine
    The naming convention of the metadata gives it a name (`op.create_index(None, …)` alone).
References
    PostgreSQL manual, CREATE INDEX; squawk, `prefer-robust-stmts`.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-cic-unnamed", severity=Severity.WARNING, engines=POSTGRESQL, ops=(CreateIndexOp,), fixable=True
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a concurrent build of an index without a name."""
    op = step.as_(CreateIndexOp)
    if op.index_name or not op.kw.get("postgresql_concurrently"):
        return
    columns = [column for column in op.columns if isinstance(column, str)]
    # PostgreSQL's own choice (`ChooseIndexName`), so that the schema stays the same.
    named = copy(op)
    named.index_name = "_".join([op.table_name, *columns, "idx"])
    plain = len(columns) == len(op.columns)
    fix = Fix("Name the index", (FixStep((named,), autocommit=True),), safe=plain)
    yield around.finding(
        step,
        f"If this build is cut short, an invalid index of a made-up name stays on {step.table} and slows every write; "
        "the next run builds another one beside it.",
        "Give the index a name, so that a failed build can be dropped and repeated:",
        fix=fix,
    )
