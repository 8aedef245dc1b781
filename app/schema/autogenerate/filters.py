"""What autogenerate must never see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.own_tables import OWN_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

IncludeName = Callable[[str | None, str, Any], bool]


def include_name(arguments: Mapping[str, Any]) -> IncludeName:
    """Return the `include_name` of `context.configure` that leaves the tables of the schema engine out.

    :param arguments: the user's own arguments, whose `include_name` is asked for everything else.
    """
    users: IncludeName | None = arguments.get("include_name")

    def included(name: str | None, type_: str, parents: Any) -> bool:
        if type_ == "table" and name in OWN_TABLES:
            return False
        return users is None or bool(users(name, type_, parents))

    return included
