"""`COMMENT ON`, `GRANT`, `REVOKE` and other statements that change no definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from ....core.ops import HarmlessOp
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor
    from ..made import Handler


def comment(cursor: Cursor) -> Iterator[Made]:
    """Read `COMMENT ON`; tables and columns have operations of Alembic's own."""
    if cursor.accept("TABLE"):
        schema, table = cursor.qualified()
        text = _text(cursor)
        make = ops.DropTableCommentOp if text is None else None
        yield Made(
            make(table, schema=schema) if make else ops.CreateTableCommentOp(table, text, schema=schema)
        )
    elif cursor.accept("COLUMN"):
        yield Made(_column(cursor))
    else:
        cursor.rest()
        yield Made(HarmlessOp("comment"))


def _column(cursor: Cursor) -> ops.AlterColumnOp:
    names = [cursor.name()]
    while cursor.accept("."):
        names.append(cursor.name())
    if len(names) < 2:
        raise cursor.surprise("table.column")
    schema = names[-3] if len(names) > 2 else None
    return ops.AlterColumnOp(names[-2], names[-1], schema=schema, modify_comment=_text(cursor))


def _text(cursor: Cursor) -> str | None:
    cursor.expect("IS")
    return None if cursor.accept("NULL") else cursor.string()


def harmless(cursor: Cursor) -> Iterator[Made]:
    """Read a statement that changes no table's definition."""
    cursor.rest()
    yield Made(HarmlessOp(cursor.tokens[0].key.lower()))


_HARMLESS = (
    "GRANT",
    "REVOKE",
    "CHECKPOINT",
    "DISCARD",
    "LISTEN",
    "NOTIFY",
    "UNLISTEN",
    "SECURITY",
    "DEALLOCATE",
)

STATEMENTS: dict[tuple[str, ...], Handler] = {(word,): harmless for word in _HARMLESS}
STATEMENTS["COMMENT", "ON"] = comment
STATEMENTS["REASSIGN", "OWNED"] = harmless
