"""Operations as short texts, so that a table of cases can be read and two operations can be compared."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.sql.elements import ClauseElement

if TYPE_CHECKING:
    from app.schema.core.server import Server
    from app.schema.scripts.sql import Translated


def described(translated: Translated, server: Server) -> str:
    """Return an operation and its clauses as one line."""
    clauses = " ".join(
        f"{key}={value}" if value else key for key, value in sorted(translated.clauses.items())
    )
    text = operation(translated.op, server)
    return f"{text} [{clauses}]" if clauses else text


def operation(op: ops.MigrateOperation, server: Server) -> str:
    """Return an operation with all that tells it from another one."""
    name = type(op).__name__
    if is_dataclass(op):
        return " ".join([name, *_fields(op)])
    if isinstance(op, ops.CreateTableOp):
        return " ".join([name, _table(op), *_create_table(op, server)])
    if isinstance(op, ops.AddColumnOp):
        skips = ["if_not_exists"] if op.if_not_exists else []
        return " ".join([name, _table(op), column(op.column, server), *skips])
    return " ".join([name, *_alembic(op, server)])


def _fields(op: Any) -> list[str]:
    found = []
    for field in fields(op):
        value = getattr(op, field.name)
        default = None if field.default is MISSING else field.default
        if field.name == "sql" or value == default:
            continue
        found.append(value if field.name in ("table_name", "name") else f"{field.name}={_plain(value)}")
    return found


def _plain(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _table(op: Any) -> str:
    return f"{op.schema}.{op.table_name}" if op.schema else op.table_name


def _create_table(op: ops.CreateTableOp, server: Server) -> list[str]:
    parts = [
        column(item, server) if isinstance(item, sa.Column) else constraint(item, server)
        for item in op.columns
    ]
    options = sorted(f"{key}={value}" for key, value in op.kw.items())
    return [f"({', '.join(parts)})", *(["if_not_exists"] if op.if_not_exists else []), *options]


def column(item: sa.Column[Any], server: Server) -> str:
    """Return a column as SQL would define it."""
    parts = [item.name, type_(item.type, server)]
    if not item.nullable:
        parts.append("NOT NULL")
    if item.server_default is not None:
        parts.append(_default(item.server_default, server))
    parts += [word for word, said in (("PK", item.primary_key), ("UNIQUE", item.unique)) if said]
    if item.autoincrement is True:
        parts.append("AUTOINCREMENT")
    parts += [constraint(check, server) for check in item.constraints]
    parts += [_reference(key) for key in item.foreign_keys]
    if item.comment:
        parts.append(f"COMMENT {item.comment}")
    return " ".join(parts)


def type_(item: Any, server: Server) -> str:
    """Return a type as the server's dialect writes it."""
    if isinstance(item, sa.types.NullType):
        return "?"
    text = str(item.compile(dialect=server.dialect()))
    collation = getattr(item, "collation", None)
    return f"{text} COLLATE {collation}" if collation and "COLLATE" not in text else text


def _default(default: Any, server: Server) -> str:
    if isinstance(default, sa.Computed):
        return f"AS ({text(default.sqltext, server)}) {_persisted(default)}"
    if isinstance(default, sa.Identity):
        return "IDENTITY ALWAYS" if default.always else "IDENTITY"
    return f"DEFAULT {text(getattr(default, 'arg', default), server)}"


def _persisted(default: sa.Computed) -> str:
    return {None: "UNSAID", True: "STORED", False: "VIRTUAL"}[default.persisted]


def text(value: Any, server: Server) -> str:
    """Return a string as a literal and an expression as it was written."""
    if isinstance(value, ClauseElement):
        return str(value.compile(dialect=server.dialect(), compile_kwargs={"literal_binds": True})).replace(
            "%%", "%"
        )
    return "'" + str(value).replace("'", "''") + "'"


def _reference(key: sa.ForeignKey) -> str:
    options = [
        f"{name}={getattr(key, name)}"
        for name in ("ondelete", "onupdate", "deferrable")
        if getattr(key, name)
    ]
    return " ".join([f"-> {key._colspec}", *options])


def constraint(item: Any, server: Server) -> str:
    """Return a constraint or an index of a table in one word or two."""
    named = f"{item.name}:" if item.name else ""
    if isinstance(item, sa.CheckConstraint):
        return f"{named}CHECK({text(item.sqltext, server)})"
    if isinstance(item, sa.ForeignKeyConstraint):
        targets = ",".join(key._colspec for key in item.elements)
        options = [f"ondelete={item.ondelete}"] if item.ondelete else []
        return " ".join([f"{named}FK({','.join(item.column_keys)} -> {targets})", *options])
    if isinstance(item, sa.Index):
        unique = "UNIQUE " if item.unique else ""
        return f"{named}{unique}INDEX({','.join(str(e) for e in item.expressions)})"
    names = ",".join(str(getattr(part, "name", part)) for part in getattr(item, "_pending_colargs", ()))
    return f"{named}{type(item).__name__.removesuffix('Constraint')}({names})"


def _alembic(op: Any, server: Server) -> list[str]:
    said = {key: value for key, value in sorted(vars(op).items()) if _says_something(key, value)}
    options = {key: value for key, value in sorted(getattr(op, "kw", {}).items()) if value is not None}
    return [f"{key}={_value(key, value, server)}" for key, value in (said | options).items()]


def _says_something(key: str, value: Any) -> bool:
    if key in ("modify_server_default", "modify_comment"):
        return value is not False  # None takes the default or the comment away
    if key == "modify_nullable":
        return value is not None
    if key == "kw" or key.startswith("_"):
        return False
    return isinstance(value, ClauseElement) or value not in (None, False, [], (), {})


def _value(key: str, value: Any, server: Server) -> str:
    if key in ("modify_type", "existing_type"):
        return type_(value, server)
    if key.endswith("server_default") and value is not None:
        return _default(value, server)
    if isinstance(value, (list, tuple)):
        return ",".join(
            text(part, server) if isinstance(part, ClauseElement) else str(part) for part in value
        )
    return text(value, server) if isinstance(value, ClauseElement) else str(value)
