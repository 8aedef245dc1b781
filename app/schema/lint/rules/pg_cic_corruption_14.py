"""PostgreSQL 14.0 to 14.3 can build an index concurrently that misses rows.

What it flags
    `CREATE INDEX CONCURRENTLY` and `REINDEX CONCURRENTLY` for a server of version 14.0, 14.1, 14.2 or 14.3. A server
    given as `postgresql:14` is not flagged: say `postgresql:14.3` to be told.
Why it hurts
    Rows that are updated during the build may be missing from the index: queries do not find them, and a unique index
    lets duplicates in. Nothing reports it.
Example
    On postgresql:14.3:

        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
Instead
    Update the server to 14.4 or later first. Check what was built before with `bt_index_check(…, true)` of the
    extension amcheck.
When it is fine
    Nobody writes to the table during the build.
References
    PostgreSQL 14.4 release notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.concurrent import is_concurrent, name_of
from ...core.finding import Finding, Severity
from ...core.ops import ReindexOp
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-cic-corruption-14", severity=Severity.ERROR, engines=POSTGRESQL, ops=(CreateIndexOp, ReindexOp)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a concurrent build on a version that loses rows."""
    version = around.server.version
    if not is_concurrent(step.op) or len(version) < 2 or not (14, 0) <= version < (14, 4):
        return
    name = name_of(step.op)
    yield around.finding(
        step,
        f"Rows that are written while {name} is built may be missing from it, without a word: queries do not find them "
        f"(PostgreSQL {version[0]}.{version[1]}).",
        "Update the server to 14.4 or later before this revision, and check older indexes with amcheck.",
    )
