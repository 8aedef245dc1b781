"""Whether a change of type can lose values or fail because they do not fit any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .types import TypeName

_INTEGERS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "integer": 32, "bigint": 64}
_DIGITS = {"tinyint": 3, "smallint": 5, "mediumint": 7, "integer": 10, "bigint": 19, "oid": 10}
_FLOATS = {"float": 24, "real": 24, "double precision": 53}
_TEXT_BYTES = {"tinytext": 255, "mediumtext": 2**24 - 1, "longtext": 2**32 - 1}
_BLOB_BYTES = {"tinyblob": 255, "blob": 2**16 - 1, "mediumblob": 2**24 - 1, "longblob": 2**32 - 1}
_STRINGS = frozenset(("char", "varchar", "text", "citext", "name", "xml", *_TEXT_BYTES))
_BINARY = frozenset(("binary", "varbinary", "bytea", *_BLOB_BYTES))
_TEMPORAL = frozenset(("date", "time", "timetz", "timestamp", "timestamptz", "datetime", "interval", "year"))
# Widest text that values of a type are written as; types that are not named here have no known width.
_WRITTEN = {
    "boolean": 5, "tinyint": 4, "smallint": 6, "mediumint": 8, "integer": 11, "bigint": 20, "uuid": 36, "date": 13,
    "oid": 10, "macaddr": 17, "cidr": 43, "inet": 43,
}  # fmt: skip
# What a temporal type tells: a change that drops one of these loses it.
_TELLS = {
    "date": {"day"}, "year": set(), "time": {"clock"}, "timetz": {"clock", "zone"}, "timestamp": {"day", "clock"},
    "datetime": {"day", "clock", "past"}, "timestamptz": {"day", "clock", "zone"}, "interval": {"span"},
}  # fmt: skip


def narrows(old: TypeName | None, new: TypeName | None) -> bool:
    """True if a value that `old` holds may not fit into `new`, or may come out of the change cut or rounded.

    A type that is not known is given the benefit of the doubt: False.
    """
    if old is None or new is None or old == new:
        return False
    if old.values and new.values:
        return not set(old.values) <= set(new.values)
    if old.dimensions != new.dimensions:
        return not (new.dimensions == 0 and _unlimited_text(new))
    return _narrows_scalar(old, new)


def _narrows_scalar(old: TypeName, new: TypeName) -> bool:
    if new.name in _STRINGS:
        return _narrows_to_text(old, new)
    if old.name in _STRINGS:
        return True  # Text that does not read as a value of the new type.
    if new.name in _BINARY and old.name in _BINARY:
        return _exceeds(_binary_length(old), _binary_length(new))
    if _is_number(old) and _is_number(new):
        return _narrows_number(old, new)
    if old.name in _TEMPORAL and new.name in _TEMPORAL:
        return _narrows_temporal(old, new)
    if {old.name, new.name} <= {"bit", "varbit"}:
        return _exceeds(old.length, new.length)
    return _narrows_other(old, new)


def _narrows_other(old: TypeName, new: TypeName) -> bool:
    if old.name == new.name:
        return False
    if (old.name, new.name) in {
        ("cidr", "inet"),
        ("json", "jsonb"),
        ("jsonb", "json"),
        ("macaddr", "macaddr8"),
    }:
        return False
    if old.name in ("boolean",) and _is_number(new):
        return False
    return _is_known(old) and _is_known(new)


def _is_known(name: TypeName) -> bool:
    others = (
        "boolean",
        "uuid",
        "json",
        "jsonb",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "money",
        "bit",
        "varbit",
    )
    return _is_number(name) or name.name in _TEMPORAL or name.name in _BINARY or name.name in others


def _is_number(name: TypeName) -> bool:
    return name.name in _DIGITS or name.name in _FLOATS or name.name == "numeric"


def _unlimited_text(name: TypeName) -> bool:
    return name.name in _STRINGS and text_length(name) is None


def text_length(name: TypeName) -> int | None:
    """Return the greatest number of characters of a text type (of bytes, for MySQL's TEXT), None if unlimited."""
    return _TEXT_BYTES.get(name.name, name.length)


def _binary_length(name: TypeName) -> int | None:
    return _BLOB_BYTES.get(name.name, name.length)


def _exceeds(old: int | None, new: int | None) -> bool:
    """True if a limit became tighter; None stands for no limit."""
    return new is not None and (old is None or old > new)


def _narrows_to_text(old: TypeName, new: TypeName) -> bool:
    limit = text_length(new)
    if limit is None:
        return False
    if old.name in _STRINGS:
        return _exceeds(text_length(old), limit)
    if old.values:
        return max(map(len, old.values)) > limit
    return _exceeds(_WRITTEN.get(old.name), limit)


def _narrows_number(old: TypeName, new: TypeName) -> bool:
    if new.name in _FLOATS:
        return _FLOATS.get(old.name, 0) > _FLOATS[new.name] or _INTEGERS.get(old.name, 0) > _FLOATS[new.name]
    if old.name in _FLOATS:
        return True
    if _is_whole(old) and _is_whole(new):
        return _narrows_whole(old, new)
    if new.name == "numeric":
        return _narrows_to_numeric(old, new)
    # numeric → whole number: what stands behind the point is rounded away, what stands before it may not fit.
    return old.precision is None or (old.scale or 0) > 0 or old.precision >= _DIGITS[new.name]


def _is_whole(name: TypeName) -> bool:
    return name.name in _DIGITS


def _narrows_whole(old: TypeName, new: TypeName) -> bool:
    before, after = _INTEGERS.get(old.name, 32), _INTEGERS.get(new.name, 32)
    if old.unsigned and not new.unsigned:
        return before >= after
    return before > after or (new.unsigned and not old.unsigned)


def _narrows_to_numeric(old: TypeName, new: TypeName) -> bool:
    if new.precision is None:
        return False
    if old.name == "numeric" and old.precision is None:
        return True
    digits = _DIGITS[old.name] if _is_whole(old) else (old.precision or 0) - (old.scale or 0)
    return _exceeds(old.scale or 0, new.scale or 0) or digits > new.precision - (new.scale or 0)


def _narrows_temporal(old: TypeName, new: TypeName) -> bool:
    # The zone gets lost on the way to a type without one; what a type without one gains is the session's zone.
    if old.name == new.name or {old.name, new.name} == {"datetime", "timestamp"}:
        cut = _exceeds(_fraction(old), _fraction(new))
        return cut or (old.name, new.name) == ("datetime", "timestamp")
    return not _TELLS[old.name] <= _TELLS[new.name] or _exceeds(_fraction(old), _fraction(new))


def _fraction(name: TypeName) -> int | None:
    if name.name in ("date", "year"):
        return 0
    if name.name == "datetime":
        return name.precision or 0
    return name.precision
