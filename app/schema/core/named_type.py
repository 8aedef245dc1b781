"""A column type of which only the name is known: an enum, a domain, a type of an extension."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import UserDefinedType


class NamedType(UserDefinedType[Any]):
    """A type that is not built in, as raw SQL names it; renders as `schema.name arguments`.

    Whether the name stands for an enum or a domain is known to the schema's state alone.
    """

    cache_ok = True

    def __init__(self, name: str, schema: str | None = None, arguments: str | None = None) -> None:
        self.name = name
        self.schema = schema
        self.arguments = arguments

    def get_col_spec(self, **_kw: object) -> str:
        """Return the type as SQL."""
        name = f"{self.schema}.{self.name}" if self.schema else self.name
        return f"{name}({self.arguments})" if self.arguments else name
