"""What stood above is kept when the rest fails: the transaction of the revision has been ended by hand.

What it flags
    BEGIN, COMMIT or ROLLBACK in a revision, as SQL or as `connection.commit()`. Savepoints are not flagged, and neither
    is a transaction that an autocommit block opens and closes itself.
Why it hurts
    Alembic opens a transaction for the revision and writes the version at its end. After a COMMIT the first half stays
    if the second fails, and the version says that nothing has run; after a ROLLBACK the first half is gone and the
    version says that it has run. COMMIT does not get a statement out of the transaction either: psycopg 3 begins a new
    one, and CREATE INDEX CONCURRENTLY still fails (measured on PostgreSQL 15 with SQLAlchemy 2.1.9).
Example
    On postgresql:15:

        op.execute("COMMIT")
        op.execute("ALTER TYPE book_status ADD VALUE 'sold'")
Instead
    Leave the transaction by the block that is made for it:

        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE book_status ADD VALUE 'sold'")
When it is fine
    MySQL and MariaDB end the transaction at every DDL statement anyway; COMMIT is only a warning there.
References
    Alembic, `MigrationContext.autocommit_block`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, FixStep, Severity
from ...core.ops import TransactionOp
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="explicit-commit",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(TransactionOp,),
    new_tables=True,
    aliases=(
        "pg-nested-transaction",
        "pg-uncommitted-transaction",
    ),
)

_CONSEQUENCE = {
    "begin": "Alembic has begun a transaction already: this one does not nest, and the COMMIT that belongs to it ends "
    "the transaction of the whole revision.",
    "commit": "The transaction of the revision ends here: if anything below fails, what stands above stays, while the "
    "version says that the revision has not run.",
    "rollback": "What the revision did up to here is taken back, and the version will say that it has run.",
}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag transaction control that ends or doubles the revision's transaction."""
    op = step.as_(TransactionOp)
    if op.kind not in _CONSEQUENCE or step.autocommit:
        return
    following = next((other for other in around.following if not isinstance(other.op, TransactionOp)), None)
    yield around.finding(
        step,
        _CONSEQUENCE[op.kind],
        "Remove it. What must run outside the transaction stands in a block that puts everything back afterwards:",
        code=_in_block(following, around),
        severity=None if around.server.transactional_ddl or op.kind == "rollback" else Severity.WARNING,
    )


def _in_block(following: RecordedOp | None, around: Surroundings) -> str:
    """Return the next operation in an autocommit block."""
    if following is not None and following.source == "op":
        return around.render((FixStep((following.op,), autocommit=True),))
    sql = " ".join((following.sql or "").split()) if following is not None else ""
    return f"with op.get_context().autocommit_block():\n    op.execute({sql or '…'!r})"
