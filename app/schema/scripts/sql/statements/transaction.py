"""Transaction control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import TransactionOp
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor
    from ..made import Handler

_KINDS = {
    "BEGIN": "begin",
    "START": "begin",
    "COMMIT": "commit",
    "END": "commit",
    "ROLLBACK": "rollback",
    "ABORT": "rollback",
    "SAVEPOINT": "savepoint",
    "RELEASE": "release",
}


def control(cursor: Cursor) -> Iterator[Made]:
    """Read a statement that starts or ends a transaction or a savepoint."""
    kind = _KINDS[cursor.tokens[0].key]
    words = {token.key for token in cursor.tokens[1:]}
    cursor.rest()
    # ROLLBACK TO ends no transaction.
    yield Made(TransactionOp("release" if kind == "rollback" and "TO" in words else kind))


STATEMENTS: dict[tuple[str, ...], Handler] = {(word,): control for word in _KINDS if word != "START"}
STATEMENTS["START", "TRANSACTION"] = control
