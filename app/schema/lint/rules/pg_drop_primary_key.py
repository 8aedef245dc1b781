"""Without its primary key a table takes duplicates, cannot be replicated, and upserts on it fail.

What it flags
    Dropping the primary key of a table that existed before the revision, unless the same transaction adds the next
    one.
Why it hurts
    `ON CONFLICT` on the key fails at once, logical replication refuses UPDATE and DELETE, SQLAlchemy cannot tell rows
    apart, and duplicates keep the key from coming back. While foreign keys refer to it, the statement itself fails.
Example
    On postgresql:15:

        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
Instead
    Build the index of the new key first, and change keys within one transaction:

        with op.get_context().autocommit_block():
            op.create_index("pk_shelf", "shelf", ["id"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")
When it is fine
    The table goes away in the same revision.
References
    PostgreSQL manual, "Replica Identity"; diesel-guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreatePrimaryKeyOp, DropConstraintOp, DropTableOp

from ...core.finding import Finding, Severity
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-drop-primary-key", severity=Severity.ERROR, engines=POSTGRESQL, ops=(DropConstraintOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key that goes without another one coming, or that other tables need."""
    if not _is_primary_key(step, around) or _table_goes(step, around):
        return
    dependents = () if "cascade" in step.clauses else _dependents(step, around)
    if _is_replaced(step, around) and not dependents:
        return
    yield around.finding(
        step,
        f"The revision fails: foreign keys of {', '.join(dependents)} refer to the primary key of {step.table}."
        if dependents
        else f"Without its primary key {step.table} takes duplicates, ON CONFLICT on the key fails, and logical "
        "replication refuses every UPDATE and DELETE.",
        "Drop those foreign keys first, and add them again for the new key."
        if dependents
        else "Build the index of the new key first, then change keys within one transaction:",
        code=None if dependents else _code(step, around),
    )


def _is_primary_key(step: RecordedOp, around: Surroundings) -> bool:
    op, table = step.as_(DropConstraintOp), around.table(step)
    known = table.constraint(str(op.constraint_name)) if table else None
    if known is not None:
        return known.kind == "primary key"
    return op.constraint_type == "primary" or (
        op.constraint_type is None and str(op.constraint_name) == f"{op.table_name}_pkey"
    )


def _table_goes(step: RecordedOp, around: Surroundings) -> bool:
    return any(isinstance(s.op, DropTableOp) and s.table == step.table for s in around.following)


def _is_replaced(step: RecordedOp, around: Surroundings) -> bool:
    return any(
        isinstance(other.op, CreatePrimaryKeyOp)
        and other.table == step.table
        and other.transaction == step.transaction
        for other in around.following
    )


def _dependents(step: RecordedOp, around: Surroundings) -> tuple[str, ...]:
    """Return the tables whose foreign keys refer to the key, and to no other unique constraint."""
    table = around.table(step)
    if table is None or not table.primary_key:
        return ()
    key = set(table.primary_key)
    if any(set(unique.columns) == key for unique in table.of_kind("unique")):
        return ()
    found = (t.key for t, c in around.state.referencing(table.key) if set(c.referred_columns) == key)
    return tuple(dict.fromkeys(found))


def _code(step: RecordedOp, around: Surroundings) -> str:
    drop, table = step.as_(DropConstraintOp), around.table(step)
    columns = ", ".join(f'"{name}"' for name in (table.primary_key if table else ())) or '"…"'
    schema = f', schema="{drop.schema}"' if drop.schema else ""
    return (
        "with op.get_context().autocommit_block():\n"
        f'    op.create_index("pk_{drop.table_name}", "{drop.table_name}", [{columns}], unique=True{schema},'
        " postgresql_concurrently=True)\n"
        f'op.drop_constraint("{drop.constraint_name}", "{drop.table_name}", type_="primary"{schema})\n'
        f'op.execute("ALTER TABLE {step.table} ADD CONSTRAINT pk_{drop.table_name} PRIMARY KEY USING INDEX '
        f'pk_{drop.table_name}")'
    )
