"""Renaming a schema breaks the application that runs: every table in it has another name from then on.

What it flags
    `ALTER SCHEMA … RENAME TO` of a schema that existed before the revision.
Why it hurts
    Until the last old worker has been replaced, each of its queries fails with "relation does not exist"; new code
    fails until the revision has been run. Paths in search_path, functions and grants by name break with it.
Example
    On postgresql:15:

        op.execute("ALTER SCHEMA shop RENAME TO store")
Instead
    Make the new schema beside the old one, with a view for each table, and let the next release use it:

        op.execute("CREATE SCHEMA store")
        op.execute("CREATE VIEW store.product AS SELECT * FROM shop.product")
When it is fine
    The schema was created in the same revision, or no running code uses it.
References
    PostgreSQL manual, ALTER SCHEMA and "Updatable Views"; diesel-guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import SchemaOp
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-schema-rename", severity=Severity.ERROR, engines=POSTGRESQL, ops=(SchemaOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new name for a schema that running code may use."""
    op = step.as_(SchemaOp)
    made = (s.op for s in around.earlier if isinstance(s.op, SchemaOp) and s.op.action == "create")
    if op.action != "rename" or any(one.name == op.name for one in made):
        return
    names = [table.name for table in around.state.tables.values() if table.schema == op.name]
    views = [f"CREATE VIEW {op.new_name}.{name} AS SELECT * FROM {op.name}.{name}" for name in names or ["…"]]
    yield around.finding(
        step,
        f"Running code fails on every table of schema {op.name} once it is called {op.new_name}, and new code fails "
        "until then.",
        "Make the new schema beside it, with a view for each table, and let the next release use that one:",
        code=executed(f"CREATE SCHEMA {op.new_name}", *views),
    )
