"""The table that an `ALTER TABLE` is about."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """Schema and name of the table."""

    schema: str | None
    table: str

    @property
    def key(self) -> str:
        """The name with its schema if one was given."""
        return f"{self.schema}.{self.table}" if self.schema else self.table
