"""Actions of `ALTER TABLE` that MySQL and MariaDB have alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from ....core.ops import HarmlessOp, RenameIndexOp, TableOptionOp
from ..clauses import if_exists, word_or_string
from ..columns import ColumnSpec, read_column
from ..made import Made
from ..text import literal_text
from ..words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor
    from .subject import Subject

_OPTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("ENGINE",), "engine"),
    (("ROW_FORMAT",), "row format"),
    (("DEFAULT", "CHARACTER", "SET"), "charset"),
    (("DEFAULT", "CHARSET"), "charset"),
    (("CHARACTER", "SET"), "charset"),
    (("CHARSET",), "charset"),
    (("DEFAULT", "COLLATE"), "charset"),
    (("COLLATE",), "charset"),
    (("AUTO_INCREMENT",), "auto_increment"),
)
_OTHER_OPTIONS = words(
    "AVG_ROW_LENGTH CHECKSUM COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTED ENCRYPTION ENCRYPTION_KEY_ID "
    "KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS PAGE_CHECKSUM PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL PASSWORD "
    "STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES TABLESPACE TRANSACTIONAL"
)
_PARTITION_VERBS = words(
    "ADD DROP TRUNCATE COALESCE REORGANIZE EXCHANGE ANALYZE CHECK OPTIMIZE REBUILD REPAIR DISCARD IMPORT CONVERT"
)


def action(cursor: Cursor, subject: Subject) -> Iterator[Made] | None:
    """Read an action; None if it is not one of these."""
    for reader in (_partition, _column, _drop, _rename, _alter, _charset, _option, _switch):
        start = cursor.position
        if made := reader(cursor, subject):
            return iter([made])
        cursor.position = start
    return None


def _partition(cursor: Cursor, subject: Subject) -> Made | None:
    at_partition = cursor.at_any(_PARTITION_VERBS) and cursor.token(1).key == "PARTITION"
    if not (at_partition or cursor.at("PARTITION", "BY") or cursor.at("REMOVE", "PARTITIONING")):
        return None
    return Made(TableOptionOp(subject.table, subject.schema, "partition", cursor.rest()))


def _column(cursor: Cursor, subject: Subject) -> Made | None:
    word = cursor.accept_any("MODIFY", "CHANGE")
    if word is None:
        return None
    cursor.accept("COLUMN")
    skips = if_exists(cursor)
    name = cursor.name()
    spec = read_column(cursor, cursor.name() if word == "CHANGE" else name)
    clauses = {"restates": ""}
    if skips:
        clauses["if_exists"] = ""
    if spec.position:
        clauses["position"] = spec.position
    changes = _changes(spec) | ({"modify_name": spec.name} if spec.name != name else {})
    return Made(ops.AlterColumnOp(subject.table, name, schema=subject.schema, **changes), clauses)


def _changes(spec: ColumnSpec) -> dict[str, Any]:
    """Return what the definition says. What it leaves out the server drops, as it does for `op.alter_column`."""
    changes: dict[str, Any] = {"modify_type": spec.type, "modify_nullable": spec.nullable}
    if spec.computed is not None:
        changes["modify_server_default"] = spec.computed
    elif spec.server_default is not None:
        changes["modify_server_default"] = literal_text(spec.server_default)
    if spec.comment is not None:
        changes["modify_comment"] = spec.comment
    if spec.autoincrement:
        changes["autoincrement"] = True
    return changes


def _drop(cursor: Cursor, subject: Subject) -> Made | None:
    if not cursor.accept("DROP"):
        return None
    if cursor.accept("PRIMARY", "KEY"):
        return Made(ops.DropConstraintOp("PRIMARY", subject.table, type_="primary", schema=subject.schema))
    if cursor.accept("FOREIGN", "KEY"):
        return _drop_constraint(cursor, subject, "foreignkey")
    if cursor.accept("CHECK"):
        return _drop_constraint(cursor, subject, "check")
    if cursor.accept_any("INDEX", "KEY"):
        skips = if_exists(cursor)
        op = ops.DropIndexOp(cursor.name(), subject.table, schema=subject.schema, if_exists=skips or None)
        return Made(op)
    if cursor.accept("SYSTEM", "VERSIONING"):
        return Made(TableOptionOp(subject.table, subject.schema, "other", "DROP SYSTEM VERSIONING"))
    return None


def _drop_constraint(cursor: Cursor, subject: Subject, kind: str) -> Made:
    skips = if_exists(cursor)
    name = cursor.name()
    return Made(
        ops.DropConstraintOp(name, subject.table, kind, schema=subject.schema, if_exists=skips or None)
    )


def _rename(cursor: Cursor, subject: Subject) -> Made | None:
    if not cursor.accept("RENAME") or not cursor.accept_any("INDEX", "KEY"):
        return None
    if_exists(cursor)
    old = cursor.name()
    cursor.expect("TO")
    return Made(RenameIndexOp(old, cursor.name(), subject.table, subject.schema))


def _alter(cursor: Cursor, subject: Subject) -> Made | None:
    if not cursor.accept("ALTER"):
        return None
    if kind := cursor.accept_any("INDEX", "KEY", "CHECK", "CONSTRAINT"):
        return _alter_part(cursor, subject, kind)
    cursor.accept("COLUMN")
    if_exists(cursor)
    name = cursor.name()
    if cursor.accept("SET", "DEFAULT"):
        default = literal_text(cursor.expression(("ALGORITHM", "LOCK")))
        return Made(
            ops.AlterColumnOp(subject.table, name, schema=subject.schema, modify_server_default=default)
        )
    if cursor.accept("DROP", "DEFAULT"):
        return Made(ops.AlterColumnOp(subject.table, name, schema=subject.schema, modify_server_default=None))
    cursor.expect("SET")
    if not cursor.accept_any("VISIBLE", "INVISIBLE"):
        raise cursor.surprise("DEFAULT, VISIBLE or INVISIBLE")
    return Made(TableOptionOp(subject.table, subject.schema, "other", f"visibility of {name}"))


def _alter_part(cursor: Cursor, subject: Subject, kind: str) -> Made:
    if_exists(cursor)
    name = cursor.name()
    rest = cursor.expression()
    if kind in ("INDEX", "KEY"):
        return Made(HarmlessOp("index visibility", subject.table, subject.schema))
    return Made(TableOptionOp(subject.table, subject.schema, "other", f"constraint {name} {rest}"))


def _charset(cursor: Cursor, subject: Subject) -> Made | None:
    if not cursor.accept("CONVERT", "TO"):
        return None
    if not cursor.accept("CHARSET"):
        cursor.expect("CHARACTER", "SET")
    value = word_or_string(cursor)
    if cursor.accept("COLLATE"):
        cursor.accept("=")
        value = f"{value} {word_or_string(cursor)}"
    return Made(TableOptionOp(subject.table, subject.schema, "convert charset", value))


def _option(cursor: Cursor, subject: Subject) -> Made | None:
    if cursor.accept("COMMENT"):
        cursor.accept("=")
        return Made(ops.CreateTableCommentOp(subject.table, cursor.string(), schema=subject.schema))
    for keys, option in _OPTIONS:
        if cursor.accept(*keys):
            cursor.accept("=")
            return Made(TableOptionOp(subject.table, subject.schema, option, word_or_string(cursor)))
    if word := cursor.accept_any(*_OTHER_OPTIONS):
        cursor.accept("=")
        return Made(TableOptionOp(subject.table, subject.schema, "other", f"{word} {word_or_string(cursor)}"))
    return None


def _switch(cursor: Cursor, subject: Subject) -> Made | None:
    if cursor.accept("FORCE"):
        return Made(TableOptionOp(subject.table, subject.schema, "force"))
    if cursor.accept_any("ENABLE", "DISABLE"):
        cursor.expect("KEYS")
        return Made(HarmlessOp("switch keys", subject.table, subject.schema))
    if cursor.at("ORDER", "BY") or cursor.at("ADD", "SYSTEM") or cursor.at("ADD", "PERIOD"):
        return Made(TableOptionOp(subject.table, subject.schema, "other", cursor.rest()))
    if (word := cursor.accept_any("DISCARD", "IMPORT")) and cursor.accept("TABLESPACE"):
        return Made(TableOptionOp(subject.table, subject.schema, "other", f"{word} TABLESPACE"))
    return None
