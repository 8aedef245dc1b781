"""Whether a revision carries rows over from one place to another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp, DropColumnOp, RenameTableOp

from .ops import DmlOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .recorded import RecordedOp


def mentions(sql: str, name: str) -> bool:
    """True if SQL text names a table or a column."""
    return re.search(rf"(?<![\w'])[\"`]?{re.escape(name)}[\"`]?(?![\w'])", sql, re.IGNORECASE) is not None


def copies_of(steps: Iterable[RecordedOp], *names: str) -> Iterator[RecordedOp]:
    """Yield the UPDATE and INSERT … SELECT statements that mention all the names, such as a table and a column."""
    for step in steps:
        op = step.op
        if isinstance(op, DmlOp) and (op.from_query or op.kind in ("update", "merge")):
            sql = op.sql or step.sql or ""
            if all(mentions(sql, name) for name in names):
                yield step


def takes_the_name(following: Iterable[RecordedOp], dropped: RecordedOp) -> bool:
    """True if, after a column or table is dropped, another one is renamed to its name."""
    name = getattr(dropped.op, "column_name", None) or getattr(dropped.op, "table_name", None)
    for step in following:
        op = step.op
        if isinstance(dropped.op, DropColumnOp):
            if isinstance(op, AlterColumnOp) and op.modify_name == name and step.table == dropped.table:
                return True
        elif isinstance(op, RenameTableOp) and op.new_table_name == name:
            return True
    return False
