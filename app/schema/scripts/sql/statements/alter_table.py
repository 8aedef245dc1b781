"""`ALTER TABLE`: one operation for each of its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from ....core.ops import OpaqueOp
from ..alter import common, mysql, postgresql
from ..alter.subject import Subject
from ..clauses import if_exists, online
from ..cursor import NotUnderstood
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor


def alter_table(cursor: Cursor) -> Iterator[Made]:
    """Read the table and its actions. An action that is not understood hides none of the others."""
    clauses = {"ignore": ""} if "IGNORE" in cursor.modifiers else {}
    if if_exists(cursor):
        clauses["if_exists"] = ""
    if cursor.accept("ONLY"):
        clauses["only"] = ""
    schema, name = cursor.qualified()
    cursor.accept("*")
    if found := online(cursor):
        clauses |= found
        cursor.accept(",")
    made: list[Made] = []
    while not cursor.done:
        made += _action(cursor, Subject(schema, name), clauses)
        cursor.accept(",")
    if not made:
        raise cursor.surprise("an action")
    # ALGORITHM, LOCK and the like hold for all actions, wherever they stand.
    yield from (Made(op, {**clauses, **own}) for op, own in made)


def _action(cursor: Cursor, subject: Subject, clauses: dict[str, str]) -> list[Made]:
    start = cursor.position
    try:
        if found := online(cursor):
            clauses.update(found)
            return []
        made = list(_read(cursor, subject))
        if not cursor.done and not cursor.at(",") and cursor.server.dialect_name != "mysql":
            cursor.expect_end()
    except NotUnderstood as found_instead:
        cursor.position = start
        cursor.expression()
        return [Made(OpaqueOp(str(found_instead), f"ALTER TABLE {subject.key} {cursor.text(start)}"))]
    return made


def _read(cursor: Cursor, subject: Subject) -> Iterator[Made]:
    own = {"postgresql": postgresql.action, "mysql": mysql.action}.get(cursor.server.dialect_name)
    start = cursor.position
    for reader in filter(None, (own, common.action)):
        cursor.position = start
        made = reader(cursor, subject)
        if made is not None:
            yield from made
            return
    raise cursor.surprise("an action of ALTER TABLE")


def rename_tables(cursor: Cursor) -> Iterator[Made]:
    """Read `RENAME TABLE a TO b, c TO d`."""
    if_exists(cursor)
    for item in cursor.items():
        schema, old = item.qualified()
        clauses = online(item)
        item.expect("TO")
        _, new = item.qualified()
        item.expect_end()
        yield Made(ops.RenameTableOp(old, new, schema=schema), clauses)


STATEMENTS = {("ALTER", "TABLE"): alter_table}
MYSQL_STATEMENTS = {("RENAME", "TABLE"): rename_tables, ("RENAME", "TABLES"): rename_tables}
