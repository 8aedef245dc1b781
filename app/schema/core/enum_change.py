"""How the values of an ENUM or SET of MySQL and MariaDB change, and how many bytes hold one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .types import describe

if TYPE_CHECKING:
    from alembic.operations.ops import AlterColumnOp

    from .server import Server
    from .state import ColumnState


@dataclass(frozen=True)
class Values:
    """The values before and after a change."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """True if all old values are kept and at least one of them has another number."""
        return set(self.before) <= set(self.after) and self.after[: len(self.before)] != self.before

    @property
    def appended(self) -> tuple[str, ...]:
        """The old values in their order, then the new ones."""
        return (*self.before, *(value for value in self.after if value not in self.before))


def values_before_and_after(
    column: ColumnState | None, op: AlterColumnOp, kind: str, server: Server
) -> Values | None:
    """Return the values of a column that is and stays an `enum` or a `set`, None for any other change."""
    known = column.type if column is not None and column.type is not None else op.existing_type
    old, new = describe(known, server), describe(op.modify_type, server)
    if old is None or new is None or not old.name == new.name == kind:
        return None
    return Values(old.values, new.values) if old.values and new.values else None


def enum_bytes(values: int) -> int:
    """Return the bytes that hold a value of an ENUM (MySQL manual, "Data Type Storage Requirements")."""
    return 1 if values <= 255 else 2


def set_bytes(values: int) -> int:
    """Return the bytes that hold a value of a SET (MySQL manual, "Data Type Storage Requirements")."""
    return next(size for size in (1, 2, 3, 4, 8) if values <= size * 8 or size == 8)
