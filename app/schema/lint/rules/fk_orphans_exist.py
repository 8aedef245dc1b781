"""The revision fails: the database holds rows that refer to nothing.

What it flags
    With `--live`: a foreign key that is added, or validated later, while the connected database holds rows whose
    reference points at no row, unless the revision removes them first.
Why it hurts
    A developer's database has no such row; on this one the revision stops. With NOT VALID it is the VALIDATE that
    stops.
Example
    On postgresql:15, where the live database has 3 orphans in `book.account_id` of `account`:

        op.create_foreign_key(
            "fk_book_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True
        )
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_book_reader")
Instead
    Decide what becomes of the rows, and delete them or set the reference to NULL in an earlier revision.
When it is fine
    Another revision that is pending as well removes the rows before this one runs.
References
    PostgreSQL manual, "Foreign Keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateForeignKeyOp

from ...core.finding import Finding, Severity
from ...core.foreign_keys import NewKey, new_keys
from ...core.ops import DmlOp
from ...core.wording import counted
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="fk-orphans-exist", severity=Severity.WARNING, engines=EVERY_ENGINE, ops=(CreateForeignKeyOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a foreign key that rows of the live database break."""
    key = next(new_keys(step.op))
    found = around.facts.orphans.get((str(step.table), key.columns, key.parent)) if around.facts else None
    if not found or _mends(step, key, around):
        return
    rows = counted(found.count, "row")
    examples = f", such as {', '.join(found.examples)}" if found.examples else ""
    yield around.finding(
        step,
        f"{rows} of {step.table} on this database {'refers' if found.count == 1 else 'refer'} to no row of "
        f"{key.parent}{examples}: the foreign key cannot hold for them, and adding or validating it fails.",
        "Decide what becomes of them in an earlier revision; look at the rows first:",
        code=_query(step, key),
        column=key.columns[0] if len(key.columns) == 1 else None,
    )


def _mends(step: RecordedOp, key: NewKey, around: Surroundings) -> bool:
    """True if the revision itself deletes rows, changes the references, or adds what they refer to, before."""
    changes = [other for other in around.earlier if isinstance(other.op, DmlOp)]
    return any(other.table in (step.table, key.parent) for other in changes)


def _query(step: RecordedOp, key: NewKey) -> str:
    pairs = zip(key.columns, key.referred, strict=False)
    match = " AND ".join(f"p.{referred} = c.{column}" for column, referred in pairs)
    present = " AND ".join(f"c.{column} IS NOT NULL" for column in key.columns)
    return (
        f"SELECT c.* FROM {step.table} AS c\n"
        f"WHERE {present} AND NOT EXISTS (SELECT 1 FROM {key.parent} AS p WHERE {match})"
    )
