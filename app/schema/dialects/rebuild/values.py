"""How values get from a column of one type into a column of another, and which of them would not stay the same.

Alembic copies through `CAST`, which never fails: 'abc' becomes 0, '12x' becomes 12, and any date becomes its year,
since SQLite takes DATE for a number. Measured on SQLite 3.40.1 with Alembic 1.20.1.
Source: https://sqlite.org/datatype3.html (affinities, comparison), https://sqlite.org/lang_expr.html#castexpr.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Date, DateTime, Interval, String, Time

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

_TEMPORAL = (Date, DateTime, Interval, Time)
_MOMENTS = (DateTime, Interval)
# What SQLAlchemy reads back from each of them.
_FORMS = {
    Date: "date({0}) IS NOT {0}",
    DateTime: "datetime({0}) IS NULL OR {0} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'",
    Time: "time({0}) IS NULL OR {0} NOT GLOB '[0-9][0-9]:[0-9][0-9]*'",
}
_DIGITS_OF_A_DOUBLE = 15


@dataclass(frozen=True)
class Conversion:
    """One column on its way.

    :param value: SQL of what is written.
    :param changes: SQL condition for a value that would not stay the same; "" if none can change.
    """

    value: str
    changes: str = ""


def affinity(declared: str) -> str:
    """How SQLite stores values in a column of a declared type: INTEGER, TEXT, BLOB, REAL or NUMERIC."""
    words = declared.upper()
    for names, found in (
        (("INT",), "INTEGER"),
        (("CHAR", "CLOB", "TEXT"), "TEXT"),
        (("BLOB",), "BLOB"),
        (("REAL", "FLOA", "DOUB"), "REAL"),
    ):
        if any(name in words for name in names):
            return found
    return "NUMERIC" if words.strip() else "BLOB"


def conversion(
    column: str, before: str, after: str, old: TypeEngine[Any], new: TypeEngine[Any]
) -> Conversion:
    """Say how a column is copied.

    :param column: its name, quoted.
    :param before: the declared type of the old column.
    :param after: that of the new one.
    :param old: the type that SQLAlchemy has reflected.
    :param new: the type that the revision states.
    """
    kinds = old._type_affinity, new._type_affinity
    if any(_is(kind, *_TEMPORAL) for kind in kinds) and (found := _temporal(column, *kinds)):
        return found
    target = affinity(after)
    if kinds[0] is kinds[1] or isinstance(new, JSON):
        return Conversion(column, _stored(column, affinity(before), target))
    return Conversion(f"CAST({column} AS {target})", _cast(column, target))


def _is(kind: Any, *types: type[TypeEngine[Any]]) -> bool:
    return isinstance(kind, type) and issubclass(kind, types)


def _temporal(column: str, old: Any, new: Any) -> Conversion | None:
    """Dates and times are text in SQLite, written by SQLAlchemy."""
    if old is new or (_is(old, *_MOMENTS) and _is(new, *_MOMENTS)) or _is(new, String):
        return Conversion(column)
    if _is(old, *_MOMENTS) and _is(new, Date):
        midnight = f"rtrim(substr({column}, 11), ' T0:.Z') <> ''"
        return Conversion(f"date({column})", f"date({column}) IS NULL OR {midnight}")
    if _is(old, Date) and _is(new, *_MOMENTS):
        return Conversion(f"{column} || ' 00:00:00.000000'", f"date({column}) IS NOT {column}")
    form = next((form for kind, form in _FORMS.items() if _is(new, kind)), None)
    if form is not None and _is(old, String):
        return Conversion(column, form.format(column))
    return None


def _cast(column: str, target: str) -> str:
    """The condition for a value that CAST changes."""
    cast = f"CAST({column} AS {target})"
    if target == "BLOB":
        return f"typeof({column}) NOT IN ('text', 'blob', 'null')"
    # The two sides are compared as numbers where one is a number, or a text that is one throughout.
    unequal = (
        f"CASE typeof({column}) WHEN 'blob' THEN CAST({cast} AS BLOB) <> {column} ELSE {cast} <> {column} END"
    )
    return unequal if target == "TEXT" else f"({unequal}) OR {_shortened(column, cast)}"


def _stored(column: str, before: str, target: str) -> str:
    """The condition for a value that changes by being stored, without a CAST."""
    if before == target or target in ("TEXT", "BLOB"):
        return ""
    cast = f"CAST({column} AS {target})"
    number = f"typeof({column}) IN ('integer', 'real') AND {cast} <> {column}"
    return f"({number}) OR (typeof(+{column}) = 'text' AND {cast} = {column} AND {_shortened(column, cast)})"


def _shortened(column: str, cast: str) -> str:
    """Digits that a number cannot keep: zeros in front, as codes have them, and more than a double holds."""
    text = f"typeof({column}) = 'text'"
    zeros = f"ltrim({column}, '+-') GLOB '0[0-9]*'"
    digits = f"length(ltrim(replace({column}, '.', ''), '+-0')) > {_DIGITS_OF_A_DOUBLE}"
    return f"({text} AND ({zeros} OR ({digits} AND CAST({cast} AS TEXT) <> {column})))"
