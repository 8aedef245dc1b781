"""What a recogniser of one kind of statement gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from alembic.operations.ops import MigrateOperation

    from .cursor import Cursor

    Handler: TypeAlias = Callable[[Cursor], Iterator["Made"]]


class Made(NamedTuple):
    """One operation, and what SQL says about it that the operation has no attribute for."""

    op: MigrateOperation
    clauses: Mapping[str, str] = {}
