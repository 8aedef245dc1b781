"""What the functions of this room are given: one operation and all that is known about its surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.recorded import RecordedOp
    from ...core.server import Server
    from ...core.state import ColumnState, State, TableState
    from ...core.types import TypeName


def key_of(name: str, schema: str | None = None) -> str:
    """Return the name under which the state knows a table."""
    return f"{schema}.{name}" if schema else name


@dataclass(frozen=True)
class Change:
    """One operation, the schema before it, and the server it runs on."""

    step: RecordedOp
    state: State
    server: Server

    @property
    def table(self) -> str:
        """The table that the operation names, an empty string if it names none."""
        return self.step.table or ""

    @property
    def known(self) -> TableState | None:
        """The state of that table."""
        return self.state.table(self.table)

    def column(self, name: str) -> ColumnState | None:
        """Return the state of a column of that table."""
        return self.state.column(self.table, name)

    def has(self, clause: str) -> bool:
        """True if the SQL statement has a clause such as `cascade`."""
        return clause in self.step.clauses

    def is_domain_with_rules(self, name: TypeName | None) -> bool:
        """True if a type is a domain that tests its values."""
        known = self.state.types.get(name.name) if name else None
        return known is not None and known.kind == "domain" and known.constrained
