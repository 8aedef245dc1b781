"""How many rows a statement that changes rows can touch, as far as its text and the table's keys tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations import ops
from sqlalchemy.types import Integer, NullType, Numeric, Uuid

from .keys import unique_keys
from .ops import AddExclusionOp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Facts
    from .ops import DmlOp
    from .state import TableState

# Tables with fewer rows than this are changed in one go without anybody noticing.
SMALL_TABLE = 1000
# Operations that lock a table which is there, or change what it is.
TABLE_CHANGES = (
    ops.AddColumnOp,
    ops.DropColumnOp,
    ops.AlterColumnOp,
    ops.CreateUniqueConstraintOp,
    ops.CreatePrimaryKeyOp,
    ops.CreateForeignKeyOp,
    ops.CreateCheckConstraintOp,
    ops.DropConstraintOp,
    ops.CreateIndexOp,
    ops.DropIndexOp,
    ops.RenameTableOp,
    ops.DropTableOp,
    AddExclusionOp,
)
_WHERE = re.compile(r"\bwhere\b(?P<condition>.*)$", re.IGNORECASE | re.DOTALL)
# Columns whose values belong to one row or a handful, as people name them.
_IDENTIFYING = ("code", "email", "key", "login", "name", "slug", "token", "username", "uuid")
# `UPDATE t AS a SET … FROM …`, `DELETE FROM t AS a USING …`
_SEVERAL = re.compile(
    r"\b(?:update|delete\s+from)\s+(?:only\s+)?(?P<table>[\w.\"`]+)(?:\s+as)?"
    r"(?:\s+(?!set\b|using\b|where\b)(?P<alias>[\w\"`]+))?\s+(?:set\b.*\bfrom\b|using\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\b(?:returning|on conflict|on duplicate|group by|order by|union|merge)\b", re.IGNORECASE)
_VALUE = r"(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|:\w+|%\(\w+\)s|%s|\?)"


def is_bounded(op: DmlOp, table: TableState | None, facts: Facts | None, key: str | None) -> bool:
    """True if the statement touches a batch of rows at most: a LIMIT, a range or list of keys, or a small table."""
    if op.limited or _is_small(facts, key):
        return True
    return op.where and (
        any(_names_one(op.sql, columns) for columns in _keys(table)) or _names_range(op.sql, table)
    )


def _is_small(facts: Facts | None, key: str | None) -> bool:
    known = facts.tables.get(key) if facts and key else None
    return known is not None and known.rows < SMALL_TABLE


def _keys(table: TableState | None) -> Iterator[tuple[str, ...]]:
    """Yield the columns of each unique key, and those that tell rows apart by their very name."""
    yield from ((name,) for name in _IDENTIFYING)
    if table is None or not table.known or not table.primary_key:
        yield ("id",)
    yield from (key.columns for key in unique_keys(table))


def _names_one(sql: str, columns: tuple[str, ...]) -> bool:
    """True if the condition gives a value, or a list of values, for every column of a unique key."""
    match = _WHERE.search(sql)
    if match is None or re.search(r"\bor\b", match["condition"], re.IGNORECASE):
        return False
    return all(_is_given(match["condition"], column) for column in columns)


def _names_range(sql: str, table: TableState | None) -> bool:
    """True if the condition gives both ends of a range of the primary key, or a list of keys as one value."""
    key = table.primary_key if table else ()
    match = _WHERE.search(sql)
    if len(key) != 1 or match is None or re.search(r"\bor\b", match["condition"], re.IGNORECASE):
        return False
    name, condition = rf"(?<!\w)[\"`]?{re.escape(key[0])}[\"`]?\s*", match["condition"]
    whole = rf"{name}(?:between\b|=\s*any\s*\(\s*{_VALUE})"
    ends = re.search(rf"{name}>", condition, re.IGNORECASE) and re.search(
        rf"{name}<(?!>)", condition, re.IGNORECASE
    )
    return bool(ends) or re.search(whole, condition, re.IGNORECASE) is not None


def _is_given(condition: str, column: str) -> bool:
    name = rf"(?<!\w)[\"`]?{re.escape(column)}[\"`]?"
    several = rf"in\s*\(\s*{_VALUE}(?:\s*,\s*{_VALUE})*\s*\)"
    return re.search(rf"{name}\s*(?:=\s*{_VALUE}|{several})", condition, re.IGNORECASE) is not None


def batches(op: DmlOp, table: TableState | None) -> str:
    """Return the Python source of a loop that runs a statement for a thousand keys at a time."""
    key = table.primary_key[0] if table and len(table.primary_key) == 1 else "id"
    name = f"{_alias(op.sql)}{key}"
    kind = table.columns[key].type if table and key in table.columns else None
    if kind is not None and not isinstance(kind, (Integer, Numeric, NullType)):
        return _by_list(
            op, name, key, "00000000-0000-0000-0000-000000000000" if isinstance(kind, Uuid) else ""
        )
    some = f"{name} BETWEEN {{start}} AND {{start + 999}}"
    return (
        "with op.get_context().autocommit_block():\n"
        "    for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        f"        op.execute({_f_string(_with_condition(op.sql, some))})"
    )


def _by_list(op: DmlOp, name: str, key: str, first: str) -> str:
    """Return the loop for keys that are no numbers: it reads a thousand of them at a time.

    :param first: a value below all keys.
    """
    table = f"{op.schema}.{op.table_name}" if op.schema else op.table_name
    changed = _with_condition(op.sql, f"{name} IN :keys").replace("{{", "{").replace("}}", "}")
    read = " ".join(("SELECT", key, "FROM", table, "WHERE", key, "> :last ORDER BY", key, "LIMIT 1000"))
    return (
        f"some = sa.text({_quoted(read)})\n"
        f"change = sa.text({_quoted(changed)})\n"
        'change = change.bindparams(sa.bindparam("keys", expanding=True))\n'
        "with op.get_context().autocommit_block():\n"
        f'    last = "{first}"\n'
        '    while keys := op.get_bind().scalars(some, {"last": last}).all():\n'
        '        op.get_bind().execute(change, {"keys": keys})\n'
        "        last = keys[-1]"
    )


def _alias(sql: str) -> str:
    """Return the prefix by which a statement about several tables has to name a column of the changed one."""
    match = _SEVERAL.search(" ".join(sql.split()))
    return f"{match['alias'] or match['table']}." if match else ""


def _with_condition(sql: str, some: str) -> str:
    """Return the statement limited to some rows, its own text escaped for an f-string."""
    text = " ".join(sql.rstrip("; \n").split()).replace("{", "{{").replace("}", "}}")
    match = _WHERE.search(text)
    if _TAIL.search(text) or not text:
        return f"… WHERE {some}"
    if match is None:
        return f"{text} WHERE {some}"
    condition = match["condition"].strip()
    condition = f"({condition})" if re.search(r"\bor\b", condition, re.IGNORECASE) else condition
    return f"{text[: match.start()]}WHERE {condition} AND {some}"


def _f_string(text: str) -> str:
    return f"f{_quoted(text)}"


def _quoted(text: str) -> str:
    quote = '"' if '"' not in text and "\\" not in text else '"""'
    return f"{quote}{text}{quote}"
