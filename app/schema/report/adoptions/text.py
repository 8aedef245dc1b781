"""A proposal for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.wording import counted, listed
from ..differences import write as write_differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ...core.adoption import Adopted, Adoption, Surplus

_MOST_EQUAL = 5


def write(adoption: Adoption, stream: TextIO) -> None:
    """Write which revision fits, what differs, and why tables may be there that should not be."""
    stream.writelines(f"{line}\n" for line in _verdict(adoption))
    for each in adoption.databases:
        comparison = each.comparison
        if len(adoption.databases) > 1 and (comparison.differences or comparison.strangers):
            stream.write(f"\n{each.name[0].upper()}{each.name[1:]}:\n")
        if adoption.heads:
            write_differences(comparison, "text", stream)
            stream.writelines(f"{line}\n" for line in _explained(each))


def _verdict(adoption: Adoption) -> Iterator[str]:
    which = _which(adoption)
    if not adoption.heads:
        yield "There is nothing in the database that this history makes: `flask db upgrade` builds it."
    elif adoption.standing:
        verb = (
            "is what the history builds up to it"
            if adoption.exact
            else "is not what the history builds up to it"
        )
        yield f"The database stands at {which}, and its schema {verb}{_number(adoption)}."
    elif adoption.exact:
        yield f"The schema is exactly what the history builds up to {which}."
    elif adoption.chosen:
        yield f"The schema is not what the history builds up to {which}{_number(adoption)}."
    else:
        yield f"The schema fits {which} best{_number(adoption)}."
    if adoption.equal and adoption.heads and not (adoption.standing or adoption.chosen):
        yield f"{_equal(adoption)} fits as well; the latest is proposed."
    if adoption.incomplete:
        yield f"Later revisions could not be compared. {adoption.incomplete}"


def _number(adoption: Adoption) -> str:
    return "" if adoption.exact else f": {counted(adoption.differences, 'difference')}"


def _which(adoption: Adoption) -> str:
    words = [
        f"'{head}' ({message})" if (message := adoption.messages.get(head)) else f"'{head}'"
        for head in adoption.heads
    ]
    return f"revision {' and '.join(words)}"


def _equal(adoption: Adoption) -> str:
    names = [" + ".join(heads) for heads in adoption.equal]
    left = len(names) - _MOST_EQUAL
    text = f"Revision {listed(names[-_MOST_EQUAL:])}"
    return f"{text} (and {counted(left, 'earlier one')})" if left > 0 else text


def _explained(adopted: Adopted) -> Iterator[str]:
    if adopted.surplus:
        yield "Left over:"
    for surplus in adopted.surplus:
        yield f"  table {surplus.table}: {_reason(surplus)}"


def _reason(surplus: Surplus) -> str:
    if surplus.made_by is not None:
        shape = "as" if surplus.ready else "not as"
        return (
            f"revision '{surplus.made_by}' makes it, and an upgrade would fail there because it exists; it is "
            f"{shape} that revision makes it. `db.create_all()` makes tables ahead of their revisions: take the call "
            "out of the application, and drop the table if it has no rows."
        )
    if surplus.modelled:
        return (
            "a model has it and no revision makes it. `db.create_all()` made it here, and other databases will "
            "lack it: take the call out of the application, and write the table into a revision."
        )
    return "the history has it at another revision."
