"""Whether something that is there has the shape that a statement gives it.

A server writes types and expressions in its own way, so the questions have three answers: the same for sure,
different for sure, and all between.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...core.types import describe, parse

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.types import TypeEngine

    from ...core.server import Server
    from ...core.types import TypeName
    from .catalogue import ColumnFact

# Types that a server takes for one another, or writes as one another. Between two families there is no doubt.
_FAMILIES = {
    "number": "tinyint smallint mediumint integer bigint numeric real double_precision float boolean bit year money",
    "text": "char varchar text tinytext mediumtext longtext clob json jsonb xml uuid enum set citext inet cidr",
    "bytes": "binary varbinary blob tinyblob mediumblob longblob bytea",
    "moment": "date time timetz timestamp timestamptz datetime",
}
_FAMILY = {name.replace("_", " "): family for family, names in _FAMILIES.items() for name in names.split()}
# Where the number in parentheses is kept as it is given.
_COUNTED = frozenset({"char", "varchar", "numeric", "binary", "varbinary"})
_CAST = re.compile(
    r"::\s*(?:\"[^\"]*\"|[\w.]+)(?:\s+(?:varying|precision))?"
    r"(?:\s+(?:year|month|day|hour|minute|second)(?:\s+to\s+(?:month|hour|minute|second))?)?(?:\s*\([\d, ]*\))?"
    r"(?:\s+with(?:out)?\s+time\s+zone)?(?:\[\d*\])*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"'(-?\d+(?:\.\d+)?)'")
_WORDS = re.compile(r"'(?:[^']|'')*'|[^']+")


def column_mismatch(wanted: Column[Any], found: ColumnFact, server: Server) -> str | None:
    """Return in which way a column is certainly not the wanted one; None if it may be."""
    if types_differ(wanted.type, found.type, server):
        return f"has the type {found.type}"
    if not wanted.nullable and found.nullable and not wanted.primary_key:
        return "takes NULL"
    if (wanted.computed is not None) is not found.generated:
        return "is a generated one" if found.generated else "is no generated one"
    default = wanted.server_default
    given = default is not None and wanted.computed is None and wanted.identity is None
    written = str(getattr(default, "arg", "NULL")) if given else "NULL"
    if found.default is None and not written.upper().startswith("NULL"):
        return "has no default"
    return None


def same_type(wanted: TypeEngine[Any] | None, found: str, server: Server) -> bool:
    """True if a column's type is certainly the wanted one. Collations are not compared."""
    return comparable(wanted, found, server) and _plain(describe(wanted, server)) == _plain(
        parse(found, server)
    )


def comparable(wanted: TypeEngine[Any] | None, found: str, server: Server) -> bool:
    """True if both types are known in full; of an interval, its fields are not."""
    one, other = describe(wanted, server), parse(found, server)
    return one is not None and other is not None and not one.name == other.name == "interval"


def types_differ(wanted: TypeEngine[Any] | None, found: str, server: Server) -> bool:
    """True if a column's type is certainly not the wanted one."""
    one, other = describe(wanted, server), parse(found, server)
    if one is None or other is None or server.engine == "sqlite":
        return False
    if one.name == other.name:
        return bool(one.dimensions) != bool(other.dimensions) or (
            one.name in _COUNTED and _length(one) != _length(other)
        )
    families = (_FAMILY.get(one.name), _FAMILY.get(other.name))
    # PostgreSQL has one name for each type; MySQL writes BOOL as TINYINT and MariaDB JSON as LONGTEXT.
    return None not in families and (server.engine == "postgresql" or families[0] != families[1])


def _plain(kind: TypeName | None) -> tuple[object, ...]:
    """PostgreSQL keeps whether a type is an array, and not of how many dimensions (manual, "Arrays")."""
    if kind is None:
        return ()
    name = kind.name.rpartition(".")[2].strip('"')
    return name, _length(kind), bool(kind.dimensions), kind.unsigned, kind.values


def _length(kind: TypeName) -> tuple[int, ...]:
    """One character, bit or byte where no number stands."""
    return kind.args or ((kind.length,) if kind.length else ())


def same_expression(wanted: object, found: str | None) -> bool:
    """True if two expressions say the same but for casts, case, spaces and parentheses."""
    if re.search(r"\bor\b", str(wanted), re.IGNORECASE):
        return False  # what belongs together is told by the parentheses alone
    return found is not None and _normal(str(wanted)) == _normal(found)


def _normal(sql: str) -> str:
    text = _CAST.sub("", sql.replace("\\:", ":"))
    text = _NUMBER.sub(r"\1", text)
    parts = [
        part if part.startswith("'") else re.sub(r"[\s\"`()]+", "", part).lower()
        for part in _WORDS.findall(text)
    ]
    return "".join(parts)


def only_casts(expression: object, column: str) -> bool:
    """True if a `USING` expression is the column itself behind casts, so that using it twice changes nothing more."""
    text = re.sub(r"(?i)\bcast\s*\((.*)\bas\b[^()]*(?:\([\d, ]*\))?\s*\)", r"\1", str(expression))
    text = re.sub(r"(?i)\bcast\s*\((.*)\bas\b[^()]*(?:\([\d, ]*\))?\s*\)", r"\1", text)
    bare = re.sub(r"[\s()\"]", "", _CAST.sub("", text.replace("\\:", ":")))
    return bare.lower() == column.replace('"', "").lower()
