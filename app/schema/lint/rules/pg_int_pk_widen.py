"""Widening a key writes its table anew while nobody can use it, and the columns that refer to it stay too narrow.

What it flags
    A change from smallint or integer to a larger whole number on a column of a primary key, on one that foreign keys
    refer to, or on a column of a foreign key.
Why it hurts
    Every row and every index of the table is written anew under ACCESS EXCLUSIVE, and the tables of the foreign keys
    are locked with it. Unless the referring columns follow, each with a rewrite of its own, they reject the first key
    that is too large for them.
Example
    On postgresql:15:

        op.alter_column("account", "id", type_=sa.BigInteger(), existing_type=sa.Integer())
        op.execute("ALTER SEQUENCE account_id_seq AS bigint")
Instead
    Add a second column that a trigger keeps equal, for the key and for each column that refers to it:

        op.add_column("account", sa.Column("id_new", sa.BigInteger()))
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("CREATE FUNCTION account_id_new() RETURNS trigger LANGUAGE plpgsql AS "
                   "$$ BEGIN NEW.id_new := NEW.id; RETURN NEW; END $$")
        op.execute("CREATE TRIGGER account_id_new BEFORE INSERT OR UPDATE ON account "
                   "FOR EACH ROW EXECUTE FUNCTION account_id_new()")

    Fill it in batches, build a unique index on it concurrently, and swap the columns in one short transaction:

        with op.get_context().autocommit_block():
            op.execute("UPDATE account SET id_new = id WHERE id BETWEEN 1 AND 1000")
When it is fine
    The table was created in the same revision or is small.
References
    GitLab, "Migrating an integer primary key to bigint"; online_migrations, "Changing the type of a column";
    strong_migrations, "Changing the type of a column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.type_change import shadow_column, types_of, widens_whole_number
from ...core.types import describe
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-int-pk-widen",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AlterColumnOp,),
    supersedes=("pg-alter-type-rewrite",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key that becomes wider."""
    op, name = step.as_(AlterColumnOp), str(step.as_(AlterColumnOp).column_name)
    old, new = types_of(op, around.column(step, name), around.server)
    if op.modify_type is None or old is None or new is None or not widens_whole_number(old, new):
        return
    referring = list(_referring(step, name, around))
    if not referring and not _is_key(step, name, around):
        return
    narrow = [place for place, kind in referring if kind == old.name]
    follow = f" {' and '.join(narrow)} stays {old.name} and rejects larger keys." if narrow else ""
    yield around.finding(
        step,
        f"Widening the key {step.table}.{name} to {new.name} writes every row and every index of {step.table}"
        f"{around.size(step.table)} anew; nobody can read or write {step.table} until that is done.{follow}",
        "Fill a second column beside it, swap the two in one short transaction, and do the same with each column that "
        "refers to it:",
        code=shadow_column(op, around.table(step), around.recording.revision, around.render),
        column=name,
    )


def _is_key(step: RecordedOp, column: str, around: Surroundings) -> bool:
    table = around.table(step)
    if table is None:
        return False
    return column in table.primary_key or any(column in key.columns for key in table.of_kind("foreign key"))


def _referring(step: RecordedOp, column: str, around: Surroundings) -> Iterator[tuple[str, str | None]]:
    """Yield each column that a foreign key ties to this one, with the name of its type."""
    for table, key in around.state.referencing(step.table or ""):
        for own, referred in zip(key.columns, key.referred_columns, strict=False):
            known = table.columns.get(own)
            if referred == column:
                kind = describe(known.type, around.server) if known and known.type is not None else None
                yield f"{table.key}.{own}", kind.name if kind else None
