"""The index does not hold the whole value: the statement fails, or the key is cut without an error.

What it flags
    An index, unique constraint or primary key whose columns take more than 3072 bytes (767 in tables with
    ROW_FORMAT=COMPACT or REDUNDANT), or that holds a TEXT, BLOB or JSON column, without a prefix length. A character
    of utf8mb4 counts four bytes.
Why it hurts
    MySQL refuses it (1071, 1170). So does MariaDB for keys of several columns; a simple index on one column it cuts
    silently to the first 768 characters, and queries beyond that read the rows (measured on MariaDB 10.11.19). A
    developer's database with latin1 may have let it pass.
Example
    On mysql:8.4:

        op.create_index("ix_account_bio", "account", ["bio"])
Instead
    Say how many characters are to be indexed:

        op.create_index("ix_account_bio", "account", ["bio"], mysql_length=100)
When it is fine
    MariaDB 10.4 and later take a unique key on one long column: they keep a hash of it.
References
    MySQL manual, "InnoDB Limits"; "Column Prefix Key Parts".
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations import ops
from sqlalchemy import Column

from ...core.charsets import key_limit
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.index_keys import Key, keys_of
from ...core.state import TableState
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-index-key-too-long",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(ops.CreateTableOp, ops.CreateIndexOp, ops.CreateUniqueConstraintOp, ops.CreatePrimaryKeyOp),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag keys that are too long."""
    table, types = _table(step, around)
    for key in keys_of(step.op):
        sizes = key.sizes(types, table, around.server)
        if _is_hashed(key, around) or not (None in sizes.values() or _total(sizes) > key_limit(table)):
            continue
        yield around.finding(
            step,
            _consequence(step, key, sizes, table, around),
            "Say how many characters are to be indexed"
            + (
                ":"
                if isinstance(step.op, ops.CreateIndexOp)
                else " (`mysql_length`), or make the column shorter."
            ),
            fix=_with_length(step, key, sizes, table),
            column=key.columns[0] if len(key.columns) == 1 else None,
        )


def _table(step: RecordedOp, around: Surroundings) -> tuple[TableState, dict[str, object]]:
    """Return the table with its options, and the types of its columns by name."""
    op = step.op
    if isinstance(op, ops.CreateTableOp):
        options = {name: str(value) for name, value in op.kw.items()}
        types: dict[str, object] = {str(c.name): c.type for c in op.columns if isinstance(c, Column)}
        return TableState(str(op.table_name), op.schema, options=options), types
    table = around.table(step) or TableState(step.table or "", known=False)
    return table, {name: column.type for name, column in table.columns.items()}


def _total(sizes: dict[str, int | None]) -> int:
    return sum(size or 0 for size in sizes.values())


def _is_hashed(key: Key, around: Surroundings) -> bool:
    """True for a unique key on one column of MariaDB, which keeps a hash of what is too long."""
    return around.server.engine == "mariadb" and key.kind == "unique" and len(key.columns) == 1


def _consequence(
    step: RecordedOp, key: Key, sizes: dict[str, int | None], table: TableState, around: Surroundings
) -> str:
    endless = [name for name, size in sizes.items() if size is None]
    long = f"{' and '.join(endless or key.columns)} of {step.table}"
    reason = f"{long} has no greatest length" if endless else f"{long} can take {_total(sizes)} bytes"
    name = key.name or ("the primary key" if key.kind == "primary key" else "the key")
    is_cut = around.server.engine == "mariadb" and key.is_plain_index and len(key.columns) == 1
    fate = (
        "MariaDB cuts it to the beginning of the value without an error" if is_cut else "the statement fails"
    )
    return f"{reason}, but {name} can hold only {key_limit(table)} bytes: {fate}."


def _with_length(step: RecordedOp, key: Key, sizes: dict[str, int | None], table: TableState) -> Fix | None:
    """Return the index over the beginning of its long columns; a unique key would not be the same any more."""
    if not key.is_plain_index or not isinstance(step.op, ops.CreateIndexOp):
        return None
    share = key_limit(table) // len(sizes)
    long = [name for name, size in sizes.items() if size is None or size > share]
    changed = copy(step.op)
    changed.kw = {**step.op.kw, "mysql_length": dict.fromkeys(long, min(100, share // 4))}
    return Fix("Index the beginning of the text", (FixStep((changed,)),), safe=False)
