"""Constraints and indexes of a table, as they stand in `CREATE TABLE`, after a column, or behind `ADD`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .indexes import IndexColumn, index_columns
from .text import literal_text

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import TextClause

    from .cursor import Cursor

_ACTIONS = ("CASCADE", "RESTRICT")
_INDEX_WORDS = ("INDEX", "KEY")


@dataclass
class Reference:
    """What stands behind `REFERENCES`."""

    schema: str | None
    table: str
    columns: list[str]
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Constraint:
    """One constraint as it was written.

    `kind` is primary key, unique, check, foreign key, exclude, not null or index; `options` are the keywords of
    SQLAlchemy and Alembic: deferrable, initially, postgresql_not_valid, postgresql_using_index, …
    """

    kind: str
    name: str | None
    columns: list[str] = field(default_factory=list)
    expression: str = ""
    reference: Reference | None = None
    index: list[IndexColumn] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)


def at_constraint(cursor: Cursor) -> bool:
    """True if a table constraint comes next and not a column."""
    if cursor.at_any(("CONSTRAINT", "CHECK", "EXCLUDE")):
        return True
    if cursor.at("PRIMARY", "KEY") or cursor.at("FOREIGN", "KEY"):
        return True
    if cursor.at("NOT", "NULL"):
        return True
    return cursor.at("UNIQUE") or at_index(cursor)


def at_index(cursor: Cursor) -> bool:
    """True if an index in the manner of MySQL comes next."""
    if cursor.server.dialect_name != "mysql":
        return False
    return cursor.at_any(("FULLTEXT", "SPATIAL", "INDEX")) or (
        cursor.at("KEY") and cursor.token(1).key not in _NOT_AN_INDEX_NAME
    )


# A column may be called "key": then a type follows, not a name and a parenthesis.
_NOT_AN_INDEX_NAME = frozenset(
    {"VARCHAR", "CHAR", "TEXT", "INT", "INTEGER", "BIGINT", "BINARY", "VARBINARY", "UUID"}
)


def read_constraint(cursor: Cursor) -> Constraint:
    """Read a table constraint with all that belongs to it.

    :raise NotUnderstood: it is none.
    """
    name = None
    if cursor.accept("CONSTRAINT"):
        cursor.accept("IF", "NOT", "EXISTS")
        anonymous = cursor.at_any(("CHECK", "UNIQUE", "PRIMARY", "FOREIGN"))
        name = None if anonymous else cursor.name()
    constraint = _body(cursor, name)
    read_options(cursor, constraint)
    return constraint


def _body(cursor: Cursor, name: str | None) -> Constraint:
    if cursor.accept("PRIMARY", "KEY"):
        return _keyed(cursor, Constraint("primary key", name))
    if cursor.accept("UNIQUE"):
        return _unique(cursor, name)
    if cursor.accept("FOREIGN", "KEY"):
        return _foreign_key(cursor, name)
    if cursor.accept("CHECK"):
        return Constraint("check", name, expression=cursor.group().everything())
    if cursor.accept("EXCLUDE"):
        return _exclusion(cursor, name)
    if cursor.accept("NOT", "NULL"):
        return Constraint("not null", name, [cursor.name()])
    return _index(cursor)


def _keyed(cursor: Cursor, constraint: Constraint) -> Constraint:
    """Read `USING INDEX name` or `[name] [USING method] (columns)`."""
    if cursor.at("USING", "INDEX") and not cursor.at("USING", "INDEX", "TABLESPACE"):
        cursor.expect("USING", "INDEX")
        constraint.options["postgresql_using_index"] = cursor.name()
        return constraint
    if cursor.server.dialect_name == "mysql":
        _index_name(cursor, constraint)
    constraint.index = index_columns(cursor.group())
    constraint.columns = [column.name for column in constraint.index]
    return constraint


def _index_name(cursor: Cursor, constraint: Constraint) -> None:
    cursor.accept("IF", "NOT", "EXISTS")
    if not cursor.at("(") and not cursor.at("USING"):
        name = cursor.name()
        constraint.name = constraint.name or name
    if cursor.accept("USING"):
        constraint.options["mysql_using"] = cursor.word().lower()


def _unique(cursor: Cursor, name: str | None) -> Constraint:
    constraint = Constraint("unique", name)
    if cursor.accept("NULLS", "NOT", "DISTINCT"):
        constraint.options["postgresql_nulls_not_distinct"] = True
    cursor.accept("NULLS", "DISTINCT")
    is_index = cursor.server.dialect_name == "mysql" and cursor.accept_any(*_INDEX_WORDS)
    _keyed(cursor, constraint)
    if is_index and name is None:
        constraint.kind = "index"
        constraint.options["unique"] = True
    return constraint


def _index(cursor: Cursor) -> Constraint:
    if not at_index(cursor):
        raise cursor.surprise("a constraint")
    constraint = Constraint("index", None)
    prefix = cursor.accept_any("FULLTEXT", "SPATIAL")
    if prefix:
        constraint.options["mysql_prefix"] = prefix
    cursor.accept_any(*_INDEX_WORDS)
    return _keyed(cursor, constraint)


def _foreign_key(cursor: Cursor, name: str | None) -> Constraint:
    constraint = Constraint("foreign key", name)
    if cursor.server.dialect_name == "mysql":
        _index_name(cursor, constraint)
    constraint.columns = cursor.names()
    cursor.expect("REFERENCES")
    constraint.reference = read_reference(cursor)
    return constraint


def read_reference(cursor: Cursor) -> Reference:
    """Read what stands behind `REFERENCES`, its actions included."""
    schema, table = cursor.qualified()
    reference = Reference(schema, table, cursor.names() if cursor.at("(") else [])
    while True:
        if cursor.accept("ON", "DELETE"):
            reference.options["ondelete"] = _action(cursor)
        elif cursor.accept("ON", "UPDATE"):
            reference.options["onupdate"] = _action(cursor)
        elif cursor.accept("MATCH"):
            reference.options["match"] = cursor.word()
        else:
            return reference


def _action(cursor: Cursor) -> str:
    for words in (("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION")):
        if cursor.accept(*words):
            columns = f" ({', '.join(cursor.names())})" if words[0] == "SET" and cursor.at("(") else ""
            return " ".join(words) + columns
    action = cursor.accept_any(*_ACTIONS)
    if action is None:
        raise cursor.surprise("CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION")
    return action


def _exclusion(cursor: Cursor, name: str | None) -> Constraint:
    constraint = Constraint("exclude", name)
    if cursor.accept("USING"):
        constraint.options["using"] = cursor.name()
    group = cursor.group()
    constraint.expression = group.everything()
    constraint.options["elements"] = [_excluded(item) for item in group.items()]
    return constraint


def _excluded(item: Cursor) -> tuple[TextClause, str]:
    """Read `expression WITH operator`."""
    expression = item.expression(("WITH",))
    item.expect("WITH")
    return literal_text(expression), item.rest()


def read_options(cursor: Cursor, constraint: Constraint) -> None:
    """Read what may follow any constraint, and note it in its options."""
    while _option(cursor, constraint.options):
        pass


def _option(cursor: Cursor, options: dict[str, Any]) -> bool:
    for words, key, value in _FLAGS:
        if cursor.accept(*words):
            if key:
                options[key] = value
            return True
    if cursor.accept("INITIALLY"):
        options["initially"] = cursor.word()
    elif cursor.accept("INCLUDE"):
        options["postgresql_include"] = cursor.names()
    elif cursor.accept("WHERE"):
        options["where"] = cursor.group().everything()
    else:
        return _mysql_option(cursor, options) if cursor.server.dialect_name == "mysql" else _placement(cursor)
    return True


def _placement(cursor: Cursor) -> bool:
    """Read where PostgreSQL puts the index of a constraint, and what SQLite does on a conflict."""
    if cursor.at("WITH", "("):
        cursor.expect("WITH")
        cursor.group()
        return True
    if cursor.accept("USING", "INDEX", "TABLESPACE") or cursor.accept("ON", "CONFLICT"):
        cursor.word()
        return True
    return False


def _mysql_option(cursor: Cursor, options: dict[str, Any]) -> bool:
    if cursor.accept("USING"):
        options["mysql_using"] = cursor.word().lower()
    elif cursor.accept("WITH", "PARSER"):
        options["mysql_with_parser"] = cursor.name()
    elif cursor.accept_any("COMMENT", "KEY_BLOCK_SIZE"):
        cursor.accept("=")
        cursor.skip()
    elif not cursor.accept_any("VISIBLE", "INVISIBLE", "IGNORED"):
        return False
    return True


_FLAGS: tuple[tuple[tuple[str, ...], str | None, Any], ...] = (
    (("NOT", "VALID"), "postgresql_not_valid", True),
    (("NOT", "DEFERRABLE"), "deferrable", False),
    (("DEFERRABLE",), "deferrable", True),
    (("NO", "INHERIT"), "no_inherit", True),
    (("NOT", "ENFORCED"), "not_enforced", True),
    (("ENFORCED",), None, None),
    (("NOT", "IGNORED"), None, None),
)
