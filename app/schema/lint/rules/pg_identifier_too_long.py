"""PostgreSQL cuts names after 63 bytes: what the revision calls by its long name is not what is there.

What it flags
    Anything that gets a name of more than 63 bytes: tables, columns, constraints, indexes, types, views, sequences,
    functions, triggers, schemas. Names from a naming convention (`op.f`) are shortened by SQLAlchemy and not flagged.
Why it hurts
    Raw SQL creates the cut name without an error: two long names may become one, and models, autogenerate and
    `IF EXISTS` look for the long one. With `op.…` SQLAlchemy raises IdentifierError, and the revision fails.
Example
    On postgresql:15:

        op.execute("CREATE TYPE how_a_book_is_bound_in_the_language_that_its_printers_speak_at_home AS ENUM ('sewn')")
Instead
    Give it a short name of its own:

        op.execute("CREATE TYPE binding AS ENUM ('sewn')")
When it is fine
    Never, though nothing breaks as long as every name stays unique and is only used in raw SQL.
References
    PostgreSQL manual, "Identifiers and Key Words": NAMEDATALEN; squawk "identifier-too-long".
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.sql.elements import conv

from ...core import ops as own
from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

_LIMIT = 63
# The attribute that holds a new name. Objects of `_IF_CREATED` have it only while they are created.
_NAMES: dict[type[ops.MigrateOperation], str] = {
    ops.CreateTableOp: "table_name", ops.CreateIndexOp: "index_name", ops.CreateUniqueConstraintOp: "constraint_name",
    ops.CreatePrimaryKeyOp: "constraint_name", ops.CreateForeignKeyOp: "constraint_name",
    ops.CreateCheckConstraintOp: "constraint_name", ops.RenameTableOp: "new_table_name",
    ops.AlterColumnOp: "modify_name", ops.AddColumnOp: "", own.AddExclusionOp: "constraint_name",
    own.RenameConstraintOp: "new_name", own.RenameIndexOp: "new_name", own.RenameTypeOp: "new_name",
    own.CreateEnumOp: "name", own.CreateDomainOp: "name", own.CreatePartitionOp: "partition", own.ViewOp: "name",
    own.SequenceOp: "name", own.FunctionOp: "name", own.SchemaOp: "name", own.TriggerOp: "name",
    own.TableRuleOp: "name",
}  # fmt: skip
_MENDABLE = (
    ops.CreateIndexOp,
    ops.CreateUniqueConstraintOp,
    ops.CreateForeignKeyOp,
    ops.CreateCheckConstraintOp,
)

RULE = Rule(
    id="pg-identifier-too-long",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=tuple(_NAMES),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag each new name that does not fit."""
    for name in dict.fromkeys(_names(step.op)):
        if len(name.encode()) <= _LIMIT or isinstance(name, conv):
            continue
        cut = _cut(name)
        fails = step.source == "op" and len(name) > _LIMIT
        what = "The revision fails with IdentifierError" if fails else f"PostgreSQL silently calls it {cut}"
        yield around.finding(
            step,
            f"{what}: the name {name} has {len(name.encode())} bytes, and {_LIMIT} are kept.",
            "Give it a short name of its own. What PostgreSQL would make of it:",
            code=cut,
            fix=_fix(step, name, cut),
        )


def _cut(name: str) -> str:
    return name.encode()[:_LIMIT].decode(errors="ignore")


def _names(op: ops.MigrateOperation) -> Iterator[str]:
    """Yield the names that an operation gives to things."""
    if getattr(op, "action", "create") not in ("create", "replace", "rename"):
        return
    attribute = _NAMES.get(type(op), "")
    if getattr(op, "action", "") == "rename" and hasattr(op, "new_name"):
        attribute = "new_name"
    name = getattr(op, attribute, None) if attribute else None
    if isinstance(name, str):
        yield name if isinstance(op, ops.CreateTableOp) or isinstance(name, conv) else name.rpartition(".")[2]
    items: list[Any] = list(op.columns) if isinstance(op, ops.CreateTableOp) else []
    items += [op.column] if isinstance(op, ops.AddColumnOp) else []
    for item in items:
        if isinstance(item, (sa.Column, sa.Constraint)) and isinstance(item.name, str):
            yield item.name


def _fix(step: RecordedOp, name: str, cut: str) -> Fix | None:
    """Write the name as the server would cut it, where that is one word of the statement."""
    changed: ops.MigrateOperation
    if step.sql is not None and step.source == "sql":
        changed = ops.ExecuteSQLOp(step.sql.replace(name, cut))
    elif isinstance(step.op, _MENDABLE):
        changed = copy(step.op)
        setattr(changed, _NAMES[type(step.op)], cut)
    else:
        return None
    return Fix("Write the name as PostgreSQL keeps it", (FixStep((changed,)),), safe=step.source == "sql")
