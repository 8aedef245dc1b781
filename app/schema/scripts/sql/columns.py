"""A column as `CREATE TABLE`, `ADD COLUMN`, `MODIFY` and `CHANGE` define it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from .constraints import Constraint, read_options, read_reference
from .lexer import Kind
from .text import literal_text, unwrapped
from .types import is_serial, read_type
from .words import words

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from .cursor import Cursor

# Words that can follow a default, so that its expression ends before them.
_AFTER_DEFAULT = words(
    "NOT NULL CHECK UNIQUE PRIMARY REFERENCES CONSTRAINT COLLATE GENERATED COMMENT AUTO_INCREMENT AUTOINCREMENT ON "
    "KEY FIRST AFTER DEFERRABLE INITIALLY STORAGE COMPRESSION VISIBLE INVISIBLE COLUMN_FORMAT CHARACTER CHARSET "
    "USING WITH WITHOUT"
)
_AFTER_TYPE = (_AFTER_DEFAULT - {"CHARACTER"}) | {"DEFAULT", "AS", "ENCODED", "SRID"}
_SKIPPED_WITH_VALUE = ("STORAGE", "COMPRESSION", "COLUMN_FORMAT", "SRID")
_SEQUENCE_OPTIONS = {
    "START": "start",
    "INCREMENT": "increment",
    "MINVALUE": "minvalue",
    "MAXVALUE": "maxvalue",
}


@dataclass
class ColumnSpec:
    """One column as it was written; what was not said is None."""

    name: str
    type: TypeEngine[Any] | None = None
    nullable: bool | None = None
    default: str | None = None
    on_update: str | None = None
    comment: str | None = None
    computed: sa.Computed | None = None
    identity: sa.Identity | None = None
    serial: bool = False
    autoincrement: bool = False
    primary_key: bool = False
    unique: bool = False
    position: str | None = None
    reference: Constraint | None = None
    checks: list[Constraint] = field(default_factory=list)
    autoincrement_keyword: bool = False

    @property
    def server_default(self) -> str | None:
        """The default as SQL text, MySQL's `ON UPDATE` included, as `op.…` has to write it too."""
        if self.on_update is None:
            return self.default
        return (
            f"{self.default} ON UPDATE {self.on_update}"
            if self.default
            else f"NULL ON UPDATE {self.on_update}"
        )


def read_column(cursor: Cursor, name: str | None = None) -> ColumnSpec:
    """Read `name type attributes …`.

    :param name: given where the name has been read already.
    :raise NotUnderstood: no column definition stands there.
    """
    spec = ColumnSpec(cursor.name() if name is None else name)
    if not (cursor.done or cursor.at(",") or cursor.at_any(_AFTER_TYPE)):
        spec.serial = is_serial(cursor)
        spec.type = read_type(cursor)
    if spec.serial:
        spec.nullable, spec.autoincrement = False, True
    while not cursor.done and not cursor.at(","):
        if not _attribute(cursor, spec):
            break
    return spec


def _attribute(cursor: Cursor, spec: ColumnSpec) -> bool:
    name = cursor.name() if cursor.accept("CONSTRAINT") else None
    for reader in (_nullability, _value, _key, _placement, _minor):
        if reader(cursor, spec):
            return True
    if cursor.accept("CHECK"):
        check = Constraint("check", name, expression=cursor.group().everything())
        read_options(cursor, check)
        spec.checks.append(check)
    elif cursor.accept("REFERENCES"):
        spec.reference = Constraint("foreign key", name, [spec.name], reference=read_reference(cursor))
        read_options(cursor, spec.reference)
    elif name is not None:
        raise cursor.surprise("a constraint")
    else:
        return False
    return True


def _nullability(cursor: Cursor, spec: ColumnSpec) -> bool:
    if cursor.accept("NOT", "NULL"):
        spec.nullable = False
    elif cursor.accept("NULL"):
        spec.nullable = True
    else:
        return False
    if cursor.accept("ON", "CONFLICT"):
        cursor.word()
    return True


def _value(cursor: Cursor, spec: ColumnSpec) -> bool:
    if cursor.accept("DEFAULT"):
        spec.default = cursor.expression(_AFTER_DEFAULT)
    elif cursor.accept("ON", "UPDATE"):
        spec.on_update = cursor.expression(_AFTER_DEFAULT)
    elif cursor.accept("COMMENT"):
        spec.comment = cursor.string()
    elif cursor.accept_any("AUTO_INCREMENT", "AUTOINCREMENT"):
        spec.autoincrement = spec.autoincrement_keyword = True
    elif cursor.accept("GENERATED"):
        _generated(cursor, spec)
    elif cursor.at("AS", "("):
        cursor.expect("AS")
        spec.computed = _computed(cursor)
    else:
        return False
    return True


def _generated(cursor: Cursor, spec: ColumnSpec) -> None:
    always = cursor.accept("ALWAYS")
    if not always:
        cursor.expect("BY", "DEFAULT")
        cursor.accept("ON", "NULL")
    cursor.expect("AS")
    if cursor.accept("IDENTITY"):
        spec.identity = sa.Identity(always=always, **sequence_options(cursor))
        spec.nullable = False
    else:
        spec.computed = _computed(cursor)


def _computed(cursor: Cursor) -> sa.Computed:
    expression = unwrapped(cursor.group().everything())
    kind = cursor.accept_any("STORED", "VIRTUAL", "PERSISTENT")
    # Without a word PostgreSQL before 18 demands STORED; MySQL, MariaDB, SQLite and PostgreSQL 18 mean VIRTUAL.
    persisted = None if kind is None else kind != "VIRTUAL"
    return sa.Computed(literal_text(expression), persisted=persisted)


def sequence_options(cursor: Cursor) -> dict[str, Any]:
    """Read `(START WITH 1 INCREMENT BY 2 …)` if it is there, as keywords of `sqlalchemy.Identity`."""
    found: dict[str, Any] = {}
    group = cursor.group() if cursor.at("(") else None
    while group and not group.done:
        key = _SEQUENCE_OPTIONS.get(group.token().key)
        if key is None:
            group.skip()
            continue
        group.skip()
        group.accept_any("WITH", "BY")
        number = ("-" if group.accept("-") else "") + group.word()
        found[key] = int(number) if number.lstrip("-").isdecimal() else None
    return found


def _key(cursor: Cursor, spec: ColumnSpec) -> bool:
    if cursor.accept("PRIMARY", "KEY") or (cursor.server.dialect_name == "mysql" and cursor.accept("KEY")):
        spec.primary_key = True
        cursor.accept_any("ASC", "DESC")
    elif cursor.accept("UNIQUE"):
        spec.unique = True
        cursor.accept("KEY")
        cursor.accept("NULLS", "NOT", "DISTINCT")
        cursor.accept("NULLS", "DISTINCT")
    else:
        return False
    read_options(cursor, Constraint("unique", None))
    return True


def _placement(cursor: Cursor, spec: ColumnSpec) -> bool:
    if cursor.accept("FIRST"):
        spec.position = "FIRST"
    elif cursor.accept("AFTER"):
        spec.position = f"AFTER {cursor.name()}"
    else:
        return False
    return True


def _minor(cursor: Cursor, spec: ColumnSpec) -> bool:
    if cursor.accept("COLLATE"):
        collation = cursor.string() if cursor.token().kind is Kind.STRING else cursor.qualified()[1]
        if isinstance(spec.type, sa.String):
            spec.type.collation = collation
    elif cursor.accept("CHARACTER", "SET") or cursor.accept("CHARSET"):
        _character_set(cursor, spec)
    elif cursor.accept_any(*_SKIPPED_WITH_VALUE):
        cursor.skip()
    elif cursor.accept("WITHOUT", "SYSTEM", "VERSIONING") or cursor.accept("WITH", "SYSTEM", "VERSIONING"):
        pass
    elif not cursor.accept_any("VISIBLE", "INVISIBLE", "DEFERRABLE"):
        return False
    return True


def _character_set(cursor: Cursor, spec: ColumnSpec) -> None:
    name = cursor.string() if cursor.token().kind is Kind.STRING else cursor.name()
    if isinstance(spec.type, sa.String) and hasattr(spec.type, "charset"):
        spec.type.charset = name
