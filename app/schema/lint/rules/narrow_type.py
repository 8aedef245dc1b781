"""A narrower type cuts or rounds values that are there, or makes the change fail on the first that does not fit.

What it flags
    A change of type after which old values may not fit: shorter VARCHAR, smaller integers, fewer digits, no time
    zone, text to a number or a date.
Why it hurts
    PostgreSQL, and MySQL and MariaDB in strict mode, stop the revision at the first value that does not fit; a
    developer's database rarely holds one. Without strict mode the value is cut silently, and a time zone or digits
    behind the point are dropped silently everywhere.
Example
    On mysql:8.4:

        op.alter_column("account", "balance", type_=sa.Numeric(8, 1), existing_type=sa.Numeric(10, 2))
Instead
    Look at the values first (`SELECT max(char_length(name)) FROM account`), and let a CHECK keep new ones out; narrow
    the type in a later release, if at all. A validated CHECK on the length is worth as much as the type.
When it is fine
    A validated CHECK of an earlier revision already limits the values to what fits.
References
    strong_migrations, "Changing the type of a column"; PostgreSQL manual, ALTER TABLE … TYPE. SQLite does not
    enforce lengths; what its CAST loses is reported by rules of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.narrowing import narrows, text_length
from ...core.table_copy import COPY_RULES
from ...core.types import TypeName, describe, type_sql
from ..rule import MYSQL_FAMILY, POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="narrow-type",
    severity=Severity.ERROR,
    engines=(*POSTGRESQL, *MYSQL_FAMILY),
    ops=(AlterColumnOp,),
    # One finding that says both: which values are lost, and who waits.
    supersedes=("my-change-type", "pg-alter-type-rewrite", *COPY_RULES),
)
_TEXTS = ("char", "varchar", "text")
_LIMITS = {"tinyint": 127, "smallint": 32_767, "mediumint": 8_388_607, "integer": 2_147_483_647}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new type that cannot hold every value of the old one."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    before = column.type if column and column.type is not None else op.existing_type
    if op.modify_type is None or before is None:
        return
    if column is not None and column.added_in == around.recording.revision:
        return
    old, new = describe(before, around.server), describe(op.modify_type, around.server)
    if old is None or new is None or (old.values and new.values) or not narrows(old, new):
        return
    if _is_checked(step, str(op.column_name), new, around):
        return
    using = op.kw.get("postgresql_using")
    name, wanted = f"{step.table}.{op.column_name}", _shown(op.modify_type, around)
    yield around.finding(
        step,
        f"Values of {name}{around.size(step.table)} that do not fit into {wanted} {_fate(old, new, using, around)}; "
        f"code that still writes {_shown(before, around)} gets an error.{_wait(step, around)}",
        "Look for such values first, mend them, and narrow the type in a later release, once a CHECK has kept new "
        "ones out:",
        code=_question(step, str(op.column_name), new),
        column=str(op.column_name),
    )


def _fate(old: TypeName, new: TypeName, using: object, around: Surroundings) -> str:
    silent = {old.name, new.name} <= {"timestamp", "timestamptz", "datetime", "date", "time", "timetz"}
    rounded = new.name == "numeric" and old.name == "numeric" and (old.scale or 0) > (new.scale or 0)
    if silent:
        return "lose what it does not tell (zone, time of day or fraction) silently"
    if rounded:
        return "are rounded silently, or make the revision fail"
    if using:
        return "make the revision fail, or are changed by its USING expression"
    if around.server.engine == "postgresql":
        return "make the revision fail"
    return "make the revision fail in strict mode" + (
        "" if around.environment.strict_mode else " and are cut without"
    )


def _wait(step: RecordedOp, around: Surroundings) -> str:
    """Return what PostgreSQL makes others wait for while it converts the values, an empty string if nothing."""
    effect = around.effect_on(step.table)
    if around.server.engine != "postgresql" or effect is None or not effect.rewrites:
        return ""
    return f" Nobody can read or write {step.table} while all its rows are written anew."


def _shown(kind: object, around: Surroundings) -> str:
    instance = kind() if isinstance(kind, type) else kind
    return type_sql(instance, around.server) or str(instance)  # type: ignore[arg-type]


def _is_checked(step: RecordedOp, column: str, new: TypeName, around: Surroundings) -> bool:
    """True if a validated CHECK of an earlier revision keeps values out that do not fit."""
    table, limit = around.table(step), text_length(new) if new.name in _TEXTS else _LIMITS.get(new.name)
    if table is None or limit is None:
        return False
    subject = (
        rf"\w*length\(\s*\"?{re.escape(column)}\"?\s*\)"
        if new.name in _TEXTS
        else rf"\"?{re.escape(column)}\"?"
    )
    upper = re.compile(rf"{subject}\s*(?:<=?|between\s+-?\d+\s+and)\s*(\d+)", re.IGNORECASE)
    checks = (c for c in table.of_kind("check") if c.validated and c.added_in != around.recording.revision)
    found = (upper.search(c.expression or "") for c in checks)
    return any(match is not None and int(match[1]) <= limit for match in found)


def _question(step: RecordedOp, column: str, new: TypeName) -> str:
    if new.name in _TEXTS and new.length:
        return f"SELECT count(*) FROM {step.table} WHERE char_length({column}) > {new.length}"
    if new.name in _LIMITS:
        return f"SELECT min({column}), max({column}) FROM {step.table}"
    return f"SELECT {column}, count(*) FROM {step.table} GROUP BY {column} ORDER BY 2"
