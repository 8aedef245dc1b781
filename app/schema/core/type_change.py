"""What a change of a column's type is about: the old type, the new one, and how to get there without a rewrite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp

from .dml import batches
from .finding import FixStep
from .named_type import NamedType
from .ops import DmlOp
from .source import SHORT_WAIT, executed
from .types import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .server import Server
    from .state import ColumnState, TableState
    from .types import TypeName

_WHOLE = {"smallint": 2, "integer": 4, "bigint": 8}


def types_of(
    op: AlterColumnOp, column: ColumnState | None, server: Server
) -> tuple[TypeName | None, TypeName | None]:
    """Return the type before and after; the history is trusted more than what the operation says about it."""
    known = column.type if column is not None and column.type is not None else op.existing_type
    return describe(known, server), describe(op.modify_type, server)


def widens_whole_number(old: TypeName | None, new: TypeName | None) -> bool:
    """True for smallint → integer → bigint."""
    if old is None or new is None or old.dimensions or new.dimensions:
        return False
    return 0 < _WHOLE.get(old.name, 0) < _WHOLE.get(new.name, 0)


def shadow_column(
    op: AlterColumnOp, table: TableState | None, revision: str, render: Callable[[Sequence[FixStep]], str]
) -> str:
    """Return the source of a second column of the new type that a trigger and batches fill (PostgreSQL)."""
    name, new = str(op.column_name), f"{op.column_name}_new"
    place = f"{op.schema}.{op.table_name}" if op.schema else str(op.table_name)
    value = str(op.kw.get("postgresql_using") or name)
    written = re.sub(rf'(?<![\w"]){re.escape(name)}(?![\w"])', f"NEW.{name}", value)
    fill = DmlOp(str(op.table_name), op.schema, sql=f"UPDATE {place} SET {new} = {value}")  # noqa: S608  (text to be pasted)
    function = f"{place}_{new}"
    trigger = f"{op.table_name}_{new}"
    return "\n".join([
        _adding(op, place, new, render),
        executed(SHORT_WAIT),
        f'op.execute("CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "',
        f'           "$$ BEGIN NEW.{new} := {written}; RETURN NEW; END $$")',
        f'op.execute("CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {place} "',
        f'           "FOR EACH ROW EXECUTE FUNCTION {function}()")',
        f"# revision 2, after {revision}: the rows that are there",
        batches(fill, table),
        f"# revision 3, in a release whose code uses {new}: drop the trigger and {name}",
    ])  # fmt: skip


def _adding(op: AlterColumnOp, place: str, new: str, render: Callable[[Sequence[FixStep]], str]) -> str:
    """Return the source that adds the column; a type that Python has no class for is written as SQL."""
    if isinstance(op.modify_type, NamedType):
        return executed(f"ALTER TABLE {place} ADD COLUMN {new} {op.modify_type.get_col_spec()}")
    column: sa.Column[object] = sa.Column(new, op.modify_type)
    return render((FixStep((AddColumnOp(op.table_name, column, schema=op.schema),)),))
