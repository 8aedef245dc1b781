"""A stricter domain tests every row of every table that uses it, and nobody can write to any of them meanwhile.

What it flags
    `ALTER DOMAIN … ADD CHECK`, `SET NOT NULL` and `VALIDATE CONSTRAINT` on a domain that columns use, or that the
    history does not show.
Why it hurts
    PostgreSQL locks each table with a column of the domain in SHARE mode and reads all of it: INSERT, UPDATE and
    DELETE wait. NOT VALID takes no table lock, but validating takes all of them again, so that there is no way
    without waiting (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        op.execute("ALTER DOMAIN postcode ADD CONSTRAINT ck_postcode CHECK (VALUE <> '')")
Instead
    Give each table a CHECK of its own; validating that one blocks nobody:

        op.create_check_constraint("ck_visit_origin", "visit", "origin <> ''", postgresql_not_valid=True)

    In the next revision:

        op.execute("ALTER TABLE visit VALIDATE CONSTRAINT ck_visit_origin")
When it is fine
    No table uses the domain, or all that do are small or were created in the same revision.
References
    PostgreSQL manual, ALTER DOMAIN; squawk "ban-alter-domain-with-add-constraint".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import AlterDomainOp
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.effect import Effect
    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-domain-check", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AlterDomainOp,))
_TESTING = {"add check": "Adding a CHECK to", "set not null": "SET NOT NULL on", "validate": "Validating"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what tests the values of a domain."""
    op = step.as_(AlterDomainOp)
    name = f"{op.schema}.{op.name}" if op.schema else op.name
    used = [effect for effect in around.effects if not around.is_new(effect.table)]
    known = around.state.types.get(name)
    if op.action not in _TESTING or (known is not None and not used):
        return
    tables = " and ".join(f"{e.table}{around.size(e.table)}" for e in used) or "every table that uses it"
    yield around.finding(
        step,
        f"{_TESTING[op.action]} domain {name} reads all of {tables}; nobody can insert, update or delete rows there "
        "until it is done.",
        "Give each table a CHECK of its own, NOT VALID first, and validate it in the next revision:",
        code=_code(used, name, around),
        table=used[0].table if used else None,
        effect=used[0] if used else None,
    )


def _code(used: list[Effect], domain: str, around: Surroundings) -> str:
    add: list[str] = []
    validate: list[str] = []
    for table, column in _columns(used, domain, around) or [("…", "…")]:
        name = f"ck_{table.rpartition('.')[2]}_{column}"
        add.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} …) NOT VALID")
        validate.append(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    return f"{executed(*add)}\n# revision 2, after {around.recording.revision}\n{executed(*validate)}"


def _columns(used: list[Effect], domain: str, around: Surroundings) -> list[tuple[str, str]]:
    tables = [(effect.table, around.state.table(effect.table)) for effect in used]
    return [
        (key, column.name)
        for key, table in tables
        for column in (table.columns.values() if table else ())
        if getattr(column.type, "name", None) == domain.rpartition(".")[2]
    ]
