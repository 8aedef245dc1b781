"""The statement fails, or changes a table of the same name in another schema.

What it flags
    An operation without `schema=` on a table that the history knows in one schema only, and not without one.
Why it hurts
    Without a schema the database looks through its search path (PostgreSQL) or in the connected database (MySQL). That
    is another place than where the table was created, and on another machine the path is another one.
Example
    On postgresql:15:

        op.execute("CREATE SCHEMA IF NOT EXISTS shop")
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), schema="shop")
        op.add_column("tag", sa.Column("code", sa.String(9)))
Instead
    Name the schema:

        op.execute("CREATE SCHEMA IF NOT EXISTS shop")
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), schema="shop")
        op.add_column("tag", sa.Column("code", sa.String(9)), schema="shop")
When it is fine
    The search path is set to that schema, by the revision or by `env.py`.
References
    PostgreSQL manual, "The Schema Search Path"; Alembic, `schema` of every operation.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import SettingOp, TableOp
from ..rule import Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="schema-missing-on-op",
    severity=Severity.WARNING,
    engines=("postgresql", "mysql", "mariadb"),
    ops=(
        ops.AlterTableOp,
        ops.AddConstraintOp,
        ops.DropConstraintOp,
        ops.CreateIndexOp,
        ops.DropTableOp,
        TableOp,
    ),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that is known by its full name only."""
    schema = _only_schema(step, around)
    if schema is None or any(
        isinstance(o.op, SettingOp) and o.op.name == "search_path" for o in around.earlier
    ):
        return
    yield around.finding(
        step,
        f"{step.table} was created in the schema {schema}, and this operation does not name a schema: it fails, or "
        "changes another table of that name, depending on where the connection looks.",
        "Name the schema:",
        fix=_fix(step, schema),
        code=None if _fix(step, schema) else f"… {schema}.{step.table} …",
    )


def _only_schema(step: RecordedOp, around: Surroundings) -> str | None:
    """Return the one schema that has a table of this name, if the operation names none and none is without one."""
    own = around.table(step)
    if not step.table or "." in step.table or (own is not None and own.known):
        return None
    schemas = {t.schema for t in around.state.tables.values() if t.known and t.name == step.table}
    return schemas.pop() if len(schemas) == 1 else None


def _fix(step: RecordedOp, schema: str) -> Fix | None:
    if step.source != "op" or isinstance(step.op, TableOp):
        return None
    changed = copy(step.op)
    if isinstance(changed, ops.CreateForeignKeyOp):
        changed.kw = {**changed.kw, "source_schema": schema}
    else:
        changed.schema = schema  # type: ignore[attr-defined]
    return Fix("Name the schema", (FixStep((changed,)),))
