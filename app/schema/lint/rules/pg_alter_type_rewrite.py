"""Changing the type writes the whole table anew while nobody can read or write it.

What it flags
    A change of type that PostgreSQL cannot make in place: integer to bigint, numeric with another scale, timestamp to
    timestamptz, json to jsonb, anything that a USING expression computes. A wider varchar or numeric, varchar to
    text and the like keep the table and are not flagged.
Why it hurts
    ACCESS EXCLUSIVE is held while every row is written and every index is built anew: each query of the table waits,
    for minutes to hours on a large one, and the disk must have room for a second copy.
Example
    On postgresql:15:

        op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())
Instead
    Add a second column that a trigger keeps equal:

        op.add_column("account", sa.Column("age_new", sa.BigInteger()))
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("CREATE FUNCTION account_age_new() RETURNS trigger LANGUAGE plpgsql AS "
                   "$$ BEGIN NEW.age_new := NEW.age; RETURN NEW; END $$")
        op.execute("CREATE TRIGGER account_age_new BEFORE INSERT OR UPDATE ON account "
                   "FOR EACH ROW EXECUTE FUNCTION account_age_new()")

    Fill it in batches, let the next release use it, then drop the trigger and the old column:

        with op.get_context().autocommit_block():
            op.execute("UPDATE account SET age_new = age WHERE id BETWEEN 1 AND 1000")
When it is fine
    The table was created in the same revision or is small. Between timestamp and timestamptz, version 12 and later
    keep the table if the session's time zone is UTC: `SET LOCAL timezone = 'UTC'` first.
References
    PostgreSQL manual, ALTER TABLE, "Notes"; 2,704 pairs of types were tried on PostgreSQL 15.20. strong_migrations,
    "Changing the type of a column". Values that do not fit are what narrow-type is about, which then speaks instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.timeouts import in_force
from ...core.type_change import shadow_column, types_of
from ...core.types import type_sql
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.types import TypeName

RULE = Rule(id="pg-alter-type-rewrite", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AlterColumnOp,))
_UTC = ("utc", "gmt", "etc/utc", "zulu", "'utc'", "0")


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a change of type that rewrites the table."""
    op = step.as_(AlterColumnOp)
    effect = around.effect_on(step.table)
    if op.modify_type is None or effect is None or not effect.rewrites:
        return
    old, new = types_of(op, around.column(step, str(op.column_name)), around.server)
    if _is_in_utc(old, new, step, around):
        return
    target = type_sql(op.modify_type, around.server) or "its new type"
    before = f"from {_shown(old)} to {target}" if old else f"to {target} (what it is now is not known)"
    yield around.finding(
        step,
        f"Changing {step.table}.{op.column_name} {before} writes every row and every index of {step.table}"
        f"{around.size(step.table)} anew; nobody can read or write {step.table} until that is done.",
        _hint(old, new) + "Fill a second column of the new type beside it, then let the code use that one:",
        code=shadow_column(op, around.table(step), around.recording.revision, around.render),
        column=str(op.column_name),
    )


def _shown(name: TypeName) -> str:
    return f"{name.name.upper()}{name.args}".replace(",)", ")") if name.args else name.name.upper()


def _is_zone_change(old: TypeName | None, new: TypeName | None) -> bool:
    names = {name.name for name in (old, new) if name}
    return (
        names == {"timestamp", "timestamptz"}
        and old is not None
        and new is not None
        and not (new.args or old.args)
    )


def _is_in_utc(old: TypeName | None, new: TypeName | None, step: RecordedOp, around: Surroundings) -> bool:
    """True if both types mean the same instant, so that the rows stay as they are (version 12 and later)."""
    if not _is_zone_change(old, new) or step.as_(AlterColumnOp).kw.get("postgresql_using"):
        return False
    setting = in_force("timezone", step, around.earlier)
    value = str(getattr(setting.op, "value", "")) if setting else ""
    return around.server.at_least(12) and value.strip("' ").lower() in _UTC


def _hint(old: TypeName | None, new: TypeName | None) -> str:
    if not _is_zone_change(old, new):
        return ""
    return (
        "If the old values are in UTC, op.execute(\"SET LOCAL timezone = 'UTC'\") first, without USING, keeps the rows "
        "as they are (version 12 and later). Otherwise: "
    )
