"""The information schema of MySQL and MariaDB: ten queries for one database, one more where there are sequences.

A unique constraint is a unique index here, and is read as one. An index that a foreign key has made for itself is
left out: it comes and goes with other indexes that would do, so that it depends on the order of the statements.
Source: https://mariadb.com/kb/en/foreign-keys/ ("the index may be dropped silently").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ...core.snapshot import Other, Snapshot, Table
from ...core.table_parts import Attachment, Column, Constraint, Index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    Wanted = Callable[[str | None, str], bool]
    Row = Mapping[str, Any]
    Rows = Mapping[str, Sequence[Row]]

_TABLES = "SELECT * FROM information_schema.tables WHERE table_schema = database()"
_COLUMNS = "SELECT * FROM information_schema.columns WHERE table_schema = database() ORDER BY column_name"
_FOREIGN_KEYS = """
    SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, k.referenced_table_name,
           k.referenced_column_name, r.delete_rule, r.update_rule, database() AS here
    FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
         AND r.table_name = k.table_name
    WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL
    ORDER BY k.constraint_name, k.ordinal_position
"""
# MariaDB names checks for each table, MySQL for each database; only MySQL can leave one unenforced.
_CHECKS_MARIADB = """
    SELECT table_name, constraint_name, check_clause, 'YES' AS enforced
    FROM information_schema.check_constraints WHERE constraint_schema = database() ORDER BY constraint_name
"""
_CHECKS_MYSQL = """
    SELECT t.table_name, c.constraint_name, c.check_clause, t.enforced
    FROM information_schema.check_constraints c JOIN information_schema.table_constraints t
      ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
         AND t.constraint_type = 'CHECK'
    WHERE c.constraint_schema = database() ORDER BY c.constraint_name
"""
_INDEXES = """
    SELECT * FROM information_schema.statistics WHERE table_schema = database() ORDER BY index_name, seq_in_index
"""
_TRIGGERS = """
    SELECT event_object_table AS table_name, trigger_name, action_timing, event_manipulation, action_statement
    FROM information_schema.triggers WHERE trigger_schema = database() ORDER BY trigger_name
"""
_VIEWS = """
    SELECT table_name, view_definition, check_option, database() AS here
    FROM information_schema.views WHERE table_schema = database()
"""
_ROUTINES = """
    SELECT lower(routine_type) AS kind, routine_name, dtd_identifier, routine_definition
    FROM information_schema.routines WHERE routine_schema = database()
"""
_PARTITIONING = """
    SELECT DISTINCT table_name, partition_method, partition_expression
    FROM information_schema.partitions WHERE table_schema = database() AND partition_method IS NOT NULL
"""
_TABLE_TYPES = ("BASE TABLE", "SYSTEM VERSIONED")
_ACTIONS = ("CASCADE", "SET NULL", "SET DEFAULT")  # RESTRICT and NO ACTION are the same here
_MADE_UP = re.compile(r"_ibfk_\d+$|_chk_\d+$|^CONSTRAINT_\d+$|^\d+$")


def read(connection: Connection, wanted: Wanted) -> Snapshot:
    """Return what the connected database consists of."""
    relations = [row for row in _rows(connection, _TABLES) if wanted(None, row["table_name"])]
    checks = _CHECKS_MARIADB if getattr(connection.dialect, "is_mariadb", False) else _CHECKS_MYSQL
    parts = {
        name: _by_table(_rows(connection, query))
        for name, query in {
            "columns": _COLUMNS,
            "foreign keys": _FOREIGN_KEYS,
            "checks": checks,
            "indexes": _INDEXES,
            "triggers": _TRIGGERS,
            "partitioning": _PARTITIONING,
        }.items()
    }
    tables = (_table(row, parts) for row in relations if row["table_type"] in _TABLE_TYPES)
    sequences = [row["table_name"] for row in relations if row["table_type"] == "SEQUENCE"]
    return Snapshot.of("mysql", tables, _others(connection, sequences))


def _rows(connection: Connection, query: str) -> list[Row]:
    """Return rows whose keys are lower case, which MySQL 8 does not say by itself, and whose values are text."""
    return [
        {str(key).lower(): _text(value) for key, value in row.items()}
        for row in connection.execute(text(query)).mappings()
    ]


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _by_table(rows: Iterable[Row]) -> Rows:
    found = defaultdict(list)
    for row in rows:
        found[row["table_name"]].append(row)
    return found


def _table(row: Row, parts: Mapping[str, Rows]) -> Table:
    name = row["table_name"]
    of = {part: rows.get(name, ()) for part, rows in parts.items()}
    foreign_keys = tuple(_foreign_key(rows) for rows in _grouped(of["foreign keys"], "constraint_name"))
    indexes = tuple(_index(rows) for rows in _grouped(of["indexes"], "index_name"))
    primary = tuple(_primary_key(index) for index in indexes if index.name == "PRIMARY")
    checks = tuple(_check(each, of["columns"]) for each in of["checks"])
    return Table(
        name,
        None,
        tuple(_column(each) for each in of["columns"]),
        (*checks, *foreign_keys, *primary),
        tuple(each for each in indexes if each.name != "PRIMARY" and not _serves(each, foreign_keys)),
        tuple(_trigger(each) for each in of["triggers"]),
        tuple(_options(row, of["partitioning"])),
        row["table_comment"] or None,
    )


def _grouped(rows: Sequence[Row], key: str) -> list[list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return list(groups.values())


def _options(row: Row, partitioning: Sequence[Row]) -> Iterator[tuple[str, str]]:
    yield "engine", str(row["engine"])
    yield "collation", str(row["table_collation"])
    if row["table_type"] != "BASE TABLE":
        yield "kind", row["table_type"].lower()
    for each in partitioning:
        yield "partitioning", f"{each['partition_method']} ({each['partition_expression']})"
    words = [word for word in (row["create_options"] or "").split() if word != "partitioned"]
    if words:
        yield "options", " ".join(words)


def _column(row: Row) -> Column:
    extra = (row["extra"] or "").lower()
    expression, default = row["generation_expression"], row["column_default"]
    update = re.search(r"on update (\S+)", extra)
    return Column(
        row["column_name"],
        row["column_type"],
        nullable=row["is_nullable"] == "YES",
        default=None if default == "NULL" else default,  # MariaDB says so of a column that takes NULL
        generated=f"{'stored' if 'stored' in extra else 'virtual'}: {expression}" if expression else None,
        numbered="autoincrement" if "auto_increment" in extra else None,
        collation=row["collation_name"],
        on_update=update[1] if update else None,
        comment=row["column_comment"] or None,
    )


def _foreign_key(rows: Sequence[Row]) -> Constraint:
    first = rows[0]
    schema, table = first["referenced_table_schema"], first["referenced_table_name"]
    return Constraint(
        "foreign key",
        first["constraint_name"],
        bool(_MADE_UP.search(first["constraint_name"])),
        tuple(row["column_name"] for row in rows),
        table if schema == first["here"] else f"{schema}.{table}",
        tuple(row["referenced_column_name"] for row in rows),
        first["delete_rule"] if first["delete_rule"] in _ACTIONS else None,
        first["update_rule"] if first["update_rule"] in _ACTIONS else None,
    )


def _primary_key(index: Index) -> Constraint:
    return Constraint("primary key", index.name, automatic=True, columns=index.parts)


def _check(row: Row, columns: Sequence[Row]) -> Constraint:
    """A check that is written with its column has the column's name on MariaDB."""
    name = row["constraint_name"]
    of_column = any(column["column_name"] == name for column in columns)
    made_up = of_column or bool(_MADE_UP.search(name))
    return Constraint("check", name, made_up, rest=row["check_clause"], valid=row["enforced"] == "YES")


def _index(rows: Sequence[Row]) -> Index:
    first = rows[0]
    hidden = first.get("is_visible") == "NO" or first.get("ignored") == "YES"
    return Index(
        first["index_name"],
        bool(re.fullmatch(re.escape(first["column_name"] or "") + r"(_\d+)?", first["index_name"])),
        tuple(_part(row) for row in rows),
        unique=not int(first["non_unique"]),
        method=first["index_type"].lower(),
        rest="ignored" if hidden else None,
    )


def _part(row: Row) -> str:
    words = row["column_name"] or f"({row.get('expression')})"
    words += f"({row['sub_part']})" if row["sub_part"] else ""
    return f"{words} DESC" if row["collation"] == "D" else words


def _serves(index: Index, foreign_keys: Sequence[Constraint]) -> bool:
    """Whether a foreign key has made this index: named after itself, or after the column if it has no name."""
    return any(
        not index.unique and index.parts == key.columns and (index.automatic or index.name == key.name)
        for key in foreign_keys
    )


def _trigger(row: Row) -> Attachment:
    definition = f"{row['action_timing']} {row['event_manipulation']} {row['action_statement']}"
    return Attachment("trigger", row["trigger_name"], definition)


def _others(connection: Connection, sequences: Sequence[str]) -> Iterator[Other]:
    for row in _rows(connection, _VIEWS):
        # The server prints each table with the database that it lies in.
        definition = row["view_definition"].replace(f"`{row['here'].replace('`', '``')}`.", "")
        option = () if row["check_option"] == "NONE" else (("check option", row["check_option"]),)
        yield Other("view", row["table_name"], None, (("definition", definition), *option))
    for row in _rows(connection, _ROUTINES):
        returned = (("returns", row["dtd_identifier"]),) if row["dtd_identifier"] else ()
        definition = row["routine_definition"] or ""  # the server shows it only to its owner
        yield Other(row["kind"], row["routine_name"], None, (*returned, ("definition", definition)))
    if sequences:
        yield from _sequences(connection, sequences)


def _sequences(connection: Connection, names: Sequence[str]) -> Iterator[Other]:
    """A sequence is a table with one row."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    query = " UNION ALL ".join(
        f"SELECT :name_{number} AS name, start_value, increment, minimum_value, maximum_value, cycle_option "  # noqa: S608
        f"FROM {quote(name).replace(':', chr(92) + ':')}"
        for number, name in enumerate(names)
    )
    given = {f"name_{number}": name for number, name in enumerate(names)}
    for row in connection.execute(text(query), given).mappings():
        definition = (
            f"START {row['start_value']} INCREMENT {row['increment']} MINVALUE {row['minimum_value']} "
            f"MAXVALUE {row['maximum_value']}{' CYCLE' if row['cycle_option'] else ''}"
        )
        yield Other("sequence", row["name"], None, (("definition", definition),))
