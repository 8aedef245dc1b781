"""The revision fails with "cannot alter type of a column used by a view".

What it flags
    A change of type of a column that a view, a materialized view, a generated column or a policy of the history
    reads, while that is still there.
Why it hurts
    PostgreSQL refuses the statement, however small the change is, and the deploy stops. Databases of developers often
    lack the view.
Example
    On postgresql:15:

        op.execute("CREATE VIEW shelf_label AS SELECT id, label FROM shelf")
        op.alter_column("shelf", "label", type_=sa.Text(), existing_type=sa.String(40))
Instead
    Drop what reads it and make it again, in the same transaction:

        op.execute("DROP VIEW visit_page")
        op.alter_column("visit", "page", type_=sa.Text(), existing_type=sa.String(40))
        op.execute("CREATE VIEW visit_page AS SELECT day, page FROM visit")
When it is fine
    Never: it fails. A view that another program owns is better asked for first.
References
    PostgreSQL manual, ALTER TABLE, "SET DATA TYPE"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, FixStep, Severity
from ...core.source import executed
from ...core.view_use import others_reading, views_reading
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ViewState

RULE = Rule(
    id="pg-alter-type-view-dependency",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AlterColumnOp,),
    new_tables=True,
    supersedes=("pg-alter-type-rewrite", "pg-alter-type-check-rescan", "pg-alter-type-collation"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a change of type that something in the schema forbids."""
    op = step.as_(AlterColumnOp)
    if op.modify_type is None or step.table is None:
        return
    column = str(op.column_name)
    views = views_reading(around.state, step.table, column)
    others = list(others_reading(around.state, step.table, column))
    users = [*(f"{_kind(view).lower()} {key}" for key, view in views), *others]
    if not users:
        return
    yield around.finding(
        step,
        f"The revision fails: PostgreSQL does not change the type of {step.table}.{column} while "
        f"{' and '.join(users)} {'uses' if len(users) == 1 else 'use'} it.",
        "Drop it first and make it again afterwards, in the same transaction:",
        code=_code(views, others, around.render((FixStep((op,)),))),
        column=column,
    )


def _kind(view: ViewState) -> str:
    return "MATERIALIZED VIEW" if view.materialized else "VIEW"


def _code(views: list[tuple[str, ViewState]], others: list[str], change: str) -> str:
    drops = [executed(f"DROP {_kind(view)} {key}") for key, view in reversed(views)]
    makes = [executed(view.query or f"CREATE {_kind(view)} {key} AS …") for key, view in views]
    before = [f"# drop {other} here" for other in others]
    after = [f"# make {other} again here" for other in others]
    return "\n".join([*drops, *before, change, *after, *makes])
