"""Which changes of type PostgreSQL makes by itself, and which need `USING`.

`ALTER COLUMN … TYPE` without USING takes implicit and assignment casts (`pg_cast`); everything can be assigned to
text. Each pair of the types named here was tried on PostgreSQL 15.20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .types import TypeName

# The string types: a value of any type can be assigned to one of them.
_TEXT = ("text", "varchar", "char", "name", "citext")
_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
ASSIGNABLE = {
    "smallint": {*_NUMBERS, "oid"},
    "integer": {*_NUMBERS, "oid", "money"},
    "bigint": {*_NUMBERS, "oid", "money"},
    "numeric": {*_NUMBERS, "money"},
    "real": set(_NUMBERS),
    "double precision": set(_NUMBERS),
    "money": {"numeric"},
    "oid": {"integer", "bigint"},
    "date": {"timestamp", "timestamptz"},
    "timestamp": {"date", "time", "timestamptz"},
    "timestamptz": {"date", "time", "timetz", "timestamp"},
    "time": {"interval", "timetz"},
    "timetz": {"time"},
    "interval": {"time"},
    "json": {"jsonb"},
    "jsonb": {"json"},
    "cidr": {"inet"},
    "inet": {"cidr"},
    "macaddr": {"macaddr8"},
    "macaddr8": {"macaddr"},
    "bit": {"varbit"},
    "varbit": {"bit"},
}


def needs_using(old: TypeName | None, new: TypeName | None) -> bool:
    """True if PostgreSQL refuses the change with "cannot be cast automatically" unless it is told how.

    A type that is not known here is taken for one without casts, such as an enum; an unknown column, and a domain
    (whose base type may be the same), get the benefit of the doubt by giving None.
    """
    if old is None or new is None:
        return False
    if old.dimensions != new.dimensions:
        return not (new.dimensions == 0 and new.name in _TEXT)
    return old.name != new.name and not _assignable(old, new)


def _assignable(old: TypeName, new: TypeName) -> bool:
    return new.name in _TEXT or new.name in ASSIGNABLE.get(old.name, ())
