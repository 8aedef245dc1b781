"""A column of a domain with rules makes PostgreSQL write the whole table anew, locked, even without a default.

What it flags
    `op.add_column` or `ADD COLUMN` with a domain that has a CHECK or NOT NULL, on a table that existed before the
    revision.
Why it hurts
    PostgreSQL tests the new value of each row, NULL too, by writing the table and all its indexes anew under ACCESS
    EXCLUSIVE: nobody reads or writes it (measured on PostgreSQL 15.18). No constant default avoids it.
Example
    On postgresql:15:

        op.execute("CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100)")
        op.execute("ALTER TABLE account ADD COLUMN discount percent")
Instead
    Use the type below the domain and a CHECK of the table:

        op.add_column("account", sa.Column("discount", sa.Integer()))
        op.create_check_constraint(
            "ck_account_discount", "account", "discount BETWEEN 0 AND 100", postgresql_not_valid=True
        )

    Validate it in the next revision, while everybody goes on working:

        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_discount")
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL source, `ATExecAddColumn`: a column whose domain has constraints is always written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp
from sqlalchemy.dialects.postgresql import DOMAIN

from ...core.finding import Finding, Severity
from ...core.types import describe
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-constrained-domain", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column whose domain tests its values."""
    column = step.as_(AddColumnOp).column
    domain = _domain_with_rules(column.type, around)
    if domain is None:
        return
    name = f"ck_{step.as_(AddColumnOp).table_name}_{column.name}"
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL writes it and all its "
        f"indexes anew to test {column.name} of every row against the domain {domain}; the more rows, the longer.",
        f"Give {column.name} the type below the domain, and put the rule of {domain} into a CHECK of the table:",
        code=(
            f'op.add_column("{step.table}", sa.Column("{column.name}", …))\n'
            f'op.create_check_constraint("{name}", "{step.table}", "…", postgresql_not_valid=True)\n'
            f"# revision 2, after {around.recording.revision}\n"
            f'op.execute("ALTER TABLE {step.table} VALIDATE CONSTRAINT {name}")'
        ),
        column=str(column.name),
    )


def _domain_with_rules(type_: Any, around: Surroundings) -> str | None:
    """Return the name of the type if it is a domain with a CHECK or NOT NULL."""
    if isinstance(type_, DOMAIN):
        return str(type_.name) if type_.check is not None or type_.not_null else None
    said = describe(type_, around.server)
    known = around.state.types.get(said.name) if said else None
    return known.name if known is not None and known.kind == "domain" and known.constrained else None
