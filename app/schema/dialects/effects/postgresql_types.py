"""What `ALTER COLUMN … TYPE` does to a PostgreSQL table: rewrite it, rebuild its indexes, or neither.

Every pair of types in the tests was tried on a real server; see `tests/schema/dialects/effects`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.casts import needs_using
from ...core.narrowing import narrows
from ...core.types import TypeName, parse

if TYPE_CHECKING:
    from ...core.server import Server

# Pairs that share one representation on disk.
_SAME_BYTES = {
    ("varchar", "text"), ("text", "varchar"), ("citext", "text"), ("citext", "varchar"), ("text", "citext"),
    ("varchar", "citext"), ("xml", "text"), ("xml", "varchar"), ("cidr", "inet"), ("integer", "oid"),
    ("oid", "integer"), ("bit", "varbit"),
}  # fmt: skip
# Of these, the ones that are also indexed by one operator class, so that indexes stay as they are.
_SAME_ORDER = {("varchar", "text"), ("text", "varchar"), ("cidr", "inet")}
_GROWING = frozenset(("varchar", "varbit", "timestamp", "timestamptz", "time", "timetz", "interval"))


@dataclass(frozen=True)
class TypeChange:
    """What a change of type does while nobody can read or write the table.

    :param rewrites: the table and all its indexes are written anew.
    :param rebuilds_indexes: the indexes on the column are built anew, the table stays.
    :param rescans_checks: every CHECK that names the column is tested against every row.
    :param needs_using: refused unless a USING clause says how to convert.
    :param narrows: values may not fit or may be cut.
    :param known: false if a type is not known, so that the worst is assumed.
    """

    rewrites: bool
    rebuilds_indexes: bool
    rescans_checks: bool
    needs_using: bool
    narrows: bool
    known: bool = True


def postgresql_type_change(
    old: TypeName | None, new: TypeName | None, server: Server, using: str | None = None, column: str = ""
) -> TypeChange:
    """Tell what a change from `old` to `new` does.

    :param using: the expression of the USING clause; one that only names the column or casts it between types of one
        representation keeps the table (measured on PostgreSQL 15.20).
    """
    if old is None or new is None:
        return TypeChange(
            rewrites=True, rebuilds_indexes=True, rescans_checks=True, needs_using=False, narrows=False, known=False
        )  # fmt: skip
    steps = _steps(old, new, server, using, column)
    rewrites = steps is None or any(_rewrites(before, after) for before, after in steps)
    return TypeChange(
        rewrites=rewrites,
        rebuilds_indexes=rewrites or not _keeps_order(old, new),
        rescans_checks=True,
        needs_using=using is None and needs_using(old, new),
        narrows=narrows(old, new),
    )


def _steps(
    old: TypeName, new: TypeName, server: Server, using: str | None, column: str
) -> list[tuple[TypeName, TypeName]] | None:
    """Return the casts from old to new, one after the other; None if an expression computes the value."""
    if using is None:
        return [(old, new)]
    casts = _casts(using, column)
    if casts is None:
        return None
    types = [parse(cast, server) for cast in casts]
    if None in types:
        return None
    chain = [old, *(name for name in types if name is not None), new]
    return list(itertools.pairwise(chain))


def _casts(using: str, column: str) -> list[str] | None:
    """Return the types in `col::a::b` or `CAST(col AS a)`, None if the expression is anything else."""
    text = using.strip()
    while text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    if call := re.fullmatch(
        r"cast\s*\((.+)\s+as\s+([^()]+(?:\([\d,\s]+\))?)\)", text, re.IGNORECASE | re.DOTALL
    ):
        inner = _casts(call[1], column)
        return None if inner is None else [*inner, call[2].strip()]
    first, *casts = (part.strip() for part in text.split("::"))
    if first.strip('()" ').lower() != column.lower():
        return None
    return casts


def _rewrites(old: TypeName, new: TypeName) -> bool:
    if old.dimensions or new.dimensions:
        return (
            bool(old.dimensions) != bool(new.dimensions)
            or old.name != new.name
            or new.args not in ((), old.args)
        )
    if old.name != new.name:
        return (old.name, new.name) not in _SAME_BYTES or bool(new.args and not _fits(old, new))
    if old.args == new.args:
        return False
    if old.name == "numeric":
        return not (new.precision is None or _wider_numeric(old, new))
    return old.name not in _GROWING or not _fits(old, new)


def _fits(old: TypeName, new: TypeName) -> bool:
    """True if the new limit is certainly not tighter."""
    if not new.args:
        return True
    return old.name == new.name and bool(old.args) and old.args[0] <= new.args[0]


def _wider_numeric(old: TypeName, new: TypeName) -> bool:
    return (
        old.precision is not None
        and new.precision is not None
        and old.scale == new.scale
        and new.precision >= old.precision
    )


def _keeps_order(old: TypeName, new: TypeName) -> bool:
    if old.collation != new.collation:
        return False
    return old.name == new.name or (old.name, new.name) in _SAME_ORDER
