"""PostgreSQL cannot take a value out of an enum: rows that hold it stop the revision, and the way around it rewrites.

What it flags
    A column that moves from one enum type to another without some of the values, an `op.alter_column` that names the
    same type with fewer values, and DELETE or UPDATE on the catalog table pg_enum.
Why it hurts
    A second type means that the table is written anew under ACCESS EXCLUSIVE, for each column of the type, and that
    the revision fails on the first row that holds the value. The same type with fewer values changes nothing in the
    database. A row deleted from pg_enum may stay in the pages of an index, which breaks comparisons later.
Example
    On postgresql:15:

        op.execute("CREATE TYPE book_state AS ENUM ('draft')")
        op.execute("ALTER TABLE book ALTER COLUMN status TYPE book_state USING status::text::book_state")
Instead
    Keep the value, and refuse it with a CHECK, first for new rows:

        op.create_check_constraint("ck_book_status", "book", "status <> 'published'", postgresql_not_valid=True)

    Mend the old rows, then validate it:

        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_status")
When it is fine
    The table was created in the same revision, or the column was added in it.
References
    PostgreSQL manual, "Enumerated Types", "Implementation Details": values cannot be removed. With
    `native_enum=False`, and on other engines, it is enum-value-removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.enums import key_of, values_of
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-enum-remove-value",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AlterColumnOp, DmlOp),
    supersedes=("enum-value-removed", "narrow-type", "pg-alter-type-rewrite"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an enum that loses values."""
    if isinstance(step.op, AlterColumnOp):
        yield from _check_column(step, step.op, around)
    elif (
        isinstance(step.op, DmlOp)
        and step.op.table_name == "pg_enum"
        and step.op.kind in ("delete", "update")
    ):
        yield around.finding(
            step,
            "Changing pg_enum by hand goes behind PostgreSQL's back: indexes and rows that hold the value can no "
            "longer be read or compared.",
            "Keep the value, stop writing it in the application, and refuse it with a CHECK.",
        )


def _check_column(step: RecordedOp, op: AlterColumnOp, around: Surroundings) -> Iterator[Finding]:
    column, types = around.column(step, str(op.column_name)), around.state.types
    if op.modify_type is None or (column is not None and column.added_in == around.recording.revision):
        return
    old_type = column.type if column is not None and column.type is not None else op.existing_type
    before, after = values_of(old_type, types), values_of(op.modify_type, types)
    gone = [value for value in before if value not in after]
    if not after or not gone or not (_is_native(old_type) and _is_native(op.modify_type)):
        return
    words = ", ".join(repr(value) for value in gone)
    yield around.finding(
        step,
        _consequence(step, op, words, around),
        f"Keep {words} in the type and stop writing it in the application; refuse it with a CHECK, first for new rows:",
        code=_code(op, gone, around.recording.revision),
        column=str(op.column_name),
    )


def _is_native(kind: object) -> bool:
    return getattr(kind, "native_enum", True) is not False


def _consequence(step: RecordedOp, op: AlterColumnOp, words: str, around: Surroundings) -> str:
    place, effect = f"{step.table}.{op.column_name}", around.effect_on(step.table)
    if effect is None or not effect.rewrites:
        return (
            f"PostgreSQL cannot take {words} out of {key_of(op.modify_type)}: this changes nothing, {place} still "
            "holds and accepts it, and SQLAlchemy raises LookupError when it reads such a row."
        )
    return (
        f"Rows whose {place} is {words} make the revision fail. Until then every row of {step.table}"
        f"{around.size(step.table)} is written anew, and nobody can read or write {step.table}."
    )


def _code(op: AlterColumnOp, gone: list[str], revision: str) -> str:
    place = f"{op.schema}.{op.table_name}" if op.schema else str(op.table_name)
    name = f"ck_{op.table_name}_{op.column_name}"
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in gone)
    schema = f"schema={op.schema!r}, " if op.schema else ""
    return (
        f'op.create_check_constraint("{name}", "{op.table_name}", "{op.column_name} NOT IN ({values})", {schema}'
        f"postgresql_not_valid=True)\n"
        f"# revision 2, after {revision}, once no row holds it\n"
        f'op.execute("ALTER TABLE {place} VALIDATE CONSTRAINT {name}")'
    )
