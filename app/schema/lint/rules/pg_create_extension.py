"""The revision fails where the extension is missing, is there already, or needs a right that the deploy lacks.

What it flags
    `CREATE EXTENSION` without IF NOT EXISTS, and of an extension that only a superuser may create.
Why it hurts
    Hosted databases offer a list of extensions and rarely a superuser. What works on the machine of a developer,
    who is one, stops the deploy with "permission denied to create extension" or "could not open extension control
    file".
Example
    On postgresql:15:

        op.execute("CREATE EXTENSION citext")
Instead
    Accept one that is there; since version 13 the owner of the database may create those marked as trusted:

        op.execute("CREATE EXTENSION IF NOT EXISTS citext")
When it is fine
    Every database is set up by somebody who may create it; then let that set it up, and say so with `allow`.
References
    PostgreSQL manual, CREATE EXTENSION; the `trusted` flag in the control files of PostgreSQL 15.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import ExtensionOp
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-create-extension",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(ExtensionOp,),
    fixable=True,
)
_TRUSTED = frozenset(
    ("btree_gin", "btree_gist", "citext", "cube", "dict_int", "fuzzystrmatch", "hstore", "intarray", "isn", "lo",
     "ltree", "pg_trgm", "pgcrypto", "plpgsql", "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time",
     "unaccent", "uuid-ossp")
)  # fmt: skip


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an extension that may not be there for the taking."""
    op = step.as_(ExtensionOp)
    conditional = op.if_not_exists or "conditional" in step.clauses
    trusted = op.name in _TRUSTED and around.server.at_least(13)
    if op.action != "create" or (conditional and trusted):
        return
    if trusted:
        yield around.finding(
            step,
            f"The revision fails on every database that has extension {op.name} already, as one that is set up by the "
            "hoster may.",
            "Accept one that is there:",
            fix=Fix("Accept an extension that is there", (FixStep((ExecuteSQLOp(_tolerant(step)),)),)),
        )
        return
    yield around.finding(
        step,
        f"Only a superuser may create extension {op.name} on PostgreSQL {around.server.version[0]}: the revision fails "
        "where the deploy is none, or where the server lacks the extension.",
        "Create it where databases are set up, before the application is deployed, and let the revision accept that:",
        code=executed(_tolerant(step)),
    )


def _tolerant(step: RecordedOp) -> str:
    sql = step.sql or ""
    if step.as_(ExtensionOp).if_not_exists:
        return sql
    return re.sub(r"\bextension\b", "EXTENSION IF NOT EXISTS", sql, count=1, flags=re.IGNORECASE)
