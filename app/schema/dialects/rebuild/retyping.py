"""What is written into each column of the new table; a value that would not stay the same stops the revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.errors import SchemaError
from ...core.wording import counted
from .lexer import quoted
from .rows import shown
from .values import conversion

if TYPE_CHECKING:
    from .intent import ColumnIntent, Intent
    from .rows import Rows


def values_of(rows: Rows, intent: Intent) -> dict[str, str]:
    """Return, for each column that is kept and written, SQL of its values.

    :raises SchemaError: if a change of type changes a value.
    """
    found = {}
    for said in intent.columns:
        column = rows.text.column(said.name)
        if column is not None and not said.is_new and not column.is_generated:
            found[said.name] = _converted(rows, said, column.type)
    return found


def _converted(rows: Rows, said: ColumnIntent, before: str) -> str:
    name = quoted(said.name)
    if said.retyped is None:
        return name
    found = conversion(name, before, said.type or "", said.retyped.old, said.retyped.new)
    condition = f"{name} IS NOT NULL AND ({found.changes})"
    total = rows.count(condition) if found.changes else 0
    if total:
        raise _changed(rows, said, shown(rows.examples(condition, name, found.value), total), total)
    return found.value


def _changed(rows: Rows, said: ColumnIntent, examples: str, total: int) -> SchemaError:
    update = f"UPDATE {rows.name} SET {said.name} = … WHERE …"
    return SchemaError(
        f"The revision makes {rows.name}.{said.name} {said.type}, and {counted(total, 'value')} of {rows.total} would "
        f"not stay the same: {examples}. Nothing was changed.",
        expected="A change of type keeps every value.",
        hint=f'Correct the rows in the same revision before the block: op.execute("{update}"). Or add a column of the '
        "new type, fill it, and drop the old one.",
    )
