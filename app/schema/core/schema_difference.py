"""What differs between the schema that is expected and the one that is there.

Things are paired by name. A name counts, because a later revision may use it, with one exception: where both sides
have a name that the server made up (`user_email_key`, `child_ibfk_1`, none at all on SQLite), the two are paired by
what they are. So a constraint that a revision left unnamed may be called otherwise in a database that was built in
another way, after a table was renamed, say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from .table_parts import Constraint, Index
from .wording import shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from .snapshot import Item, Snapshot, Table

    Named = TypeVar("Named", bound=Constraint | Index)

_NOTHING = "none"
_LONGEST = 120


@dataclass(frozen=True)
class SchemaDifference:
    """One thing that differs.

    :param table: the table that it belongs to; `None` for a view, an enum type and the like.
    :param object: the thing, such as `column nickname`.
    :param aspect: what about it differs, such as `type`; `None` if it is missing or unexpected as a whole.
    :param expected: what should be; `None` if there should be nothing.
    :param actual: what is; `None` if there is nothing.
    :param wanted: the thing as it should be; `None` if it should not be.
    :param present: the thing as it is; `None` if it is missing.
    """

    table: str | None
    object: str
    aspect: str | None
    expected: str | None
    actual: str | None
    wanted: Item | None = field(default=None, repr=False, compare=False)
    present: Item | None = field(default=None, repr=False, compare=False)

    @property
    def line(self) -> str:
        """The difference in words, without the table."""
        if self.aspect is not None:
            actual, expected = (shortened(text or "", _LONGEST) for text in (self.actual, self.expected))
            return f"{self.object}: {self.aspect} is {actual}, expected {expected}"
        what = self.expected if self.actual is None else self.actual
        details = "" if what is None or self.object.endswith(what) else f": {shortened(what, _LONGEST)}"
        return f"{self.object} {'is missing' if self.actual is None else 'is not expected'}{details}"

    def as_dict(self) -> dict[str, str | None]:
        """Return the JSON form."""
        return {
            "table": self.table,
            "object": self.object,
            "aspect": self.aspect,
            "expected": self.expected,
            "actual": self.actual,
            "message": self.line,
        }


@dataclass(frozen=True)
class Comparison:
    """The outcome of a comparison.

    :param differences: table by table, in order.
    :param strangers: what is there and unknown to the history: no difference, but worth a note.
    """

    differences: tuple[SchemaDifference, ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables with differences, in order."""
        return tuple(dict.fromkeys(each.table for each in self.differences if each.table is not None))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "differences": [each.as_dict() for each in self.differences],
            "strangers": list(self.strangers),
        }


def compare(expected: Snapshot, actual: Snapshot, known: Collection[str] = ()) -> Comparison:
    """Compare two snapshots of the same engine.

    :param known: tables that the history has at one revision or another. Of these one too many is a difference, of
        all others it is a stranger, as is a view, trigger, type, sequence or function that is not expected.
    """
    differences: list[SchemaDifference] = []
    strangers: list[str] = []
    for key in sorted({*expected.tables, *actual.tables}):
        wanted, present = expected.tables.get(key), actual.tables.get(key)
        if wanted is not None and present is not None:
            differences += _in_table(wanted, present)
            strangers += _unexpected_attachments(wanted, present)
        elif present is not None and key not in known:
            strangers.append(present.label)
        else:
            differences.append(_whole(wanted, present, key))
    for key in sorted({*expected.others, *actual.others}):
        other, found = expected.others.get(key), actual.others.get(key)
        if other is None and found is not None:
            strangers.append(found.label)
        else:
            differences += _between(other, found, None)
    return Comparison(tuple(differences), tuple(strangers))


def _in_table(wanted: Table, present: Table) -> Iterator[SchemaDifference]:
    yield from _between(wanted, present, wanted.key)
    yield from _by_name(wanted.columns, present.columns, wanted.key)
    for one, other in _paired(wanted.constraints, present.constraints):
        yield from _between(one, other, wanted.key)
    for index, counterpart in _paired(wanted.indexes, present.indexes):
        yield from _between(index, counterpart, wanted.key)
    expected = {each.label for each in wanted.attachments}
    known = [each for each in present.attachments if each.label in expected]
    yield from _by_name(wanted.attachments, known, wanted.key)


def _unexpected_attachments(wanted: Table, present: Table) -> Iterator[str]:
    expected = {each.label for each in wanted.attachments}
    return (f"{each.label} on {present.label}" for each in present.attachments if each.label not in expected)


def _by_name(wanted: Sequence[Item], present: Sequence[Item], table: str) -> Iterator[SchemaDifference]:
    expected, actual = ({each.label: each for each in items} for items in (wanted, present))
    for label in [*expected, *(label for label in actual if label not in expected)]:
        yield from _between(expected.get(label), actual.get(label), table)


def _between(wanted: Item | None, present: Item | None, table: str | None) -> Iterator[SchemaDifference]:
    if wanted is None or present is None:
        yield _whole(wanted, present, table)
        return
    if wanted == present:
        return
    expected, actual = wanted.facts, present.facts
    if not _alike(wanted, present):
        expected, actual = {"name": _name(wanted), **expected}, {"name": _name(present), **actual}
    for aspect in [*expected, *(each for each in actual if each not in expected)]:
        one, other = expected.get(aspect, _NOTHING), actual.get(aspect, _NOTHING)
        if one != other:
            yield SchemaDifference(table, wanted.label, aspect, one, other, wanted, present)


def _whole(wanted: Item | None, present: Item | None, table: str | None) -> SchemaDifference:
    item = wanted or present
    assert item is not None  # noqa: S101  # for mypy: one of the two is there
    return SchemaDifference(
        table,
        item.label,
        None,
        None if wanted is None else wanted.text,
        None if present is None else present.text,
        wanted,
        present,
    )


def _alike(wanted: Item, present: Item) -> bool:
    """Whether the names say the same."""
    both_made_up = all(getattr(each, "automatic", False) for each in (wanted, present))
    return both_made_up or wanted.name == present.name


def _name(item: Item) -> str:
    return item.name or "none"


def _paired(wanted: Sequence[Named], present: Sequence[Named]) -> Iterator[tuple[Named | None, Named | None]]:
    """Pair things with their counterparts: by given name, then by content, then by what they are on."""
    left, right = list(wanted), list(present)
    for same in (_same_name, _same_content, _same_place):
        for one in list(left):
            other = next((each for each in right if same(one, each)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                yield one, other
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def _same_name(one: Constraint | Index, other: Constraint | Index) -> bool:
    if one.kind != other.kind:
        return False
    return one == other or (not one.automatic and not other.automatic and one.name == other.name)


def _same_content(one: Constraint | Index, other: Constraint | Index) -> bool:
    return one.kind == other.kind and one.facts == other.facts


def _same_place(one: Constraint | Index, other: Constraint | Index) -> bool:
    """A check has no place but its name."""
    if one.kind != other.kind:
        return False
    if not one.columns:
        return one.name is not None and one.name == other.name
    return one.kind == "primary key" or one.columns == other.columns
