"""How the types of columns are written into a revision.

Alembic writes a type that an application defines under the name of its module and imports nothing, so that the
revision fails with `NameError`; and if somebody adds the import, the revision breaks on the day the class is renamed.
A `TypeDecorator` only changes values on their way, so that what it is in the database is written instead. For other
types of one's own there is no substitute: their module is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic.autogenerate import render
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Dialect


def render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Write one part of a revision, as the `render_item` of `context.configure`.

    :param kind: what it is: "type", "column", "server_default", …
    :return: Python source, or `False` for Alembic's own way.
    """
    if kind != "type" or _module(item).partition(".")[0] in ("sqlalchemy", "alembic"):
        return False
    if isinstance(item, TypeDecorator):
        return render._repr_type(_in_database(item, context), context)
    context.imports.add(f"import {_module(item)}")
    return False


def _module(item: Any) -> str:
    return type(item).__module__


def _in_database(item: TypeDecorator[Any], context: AutogenContext) -> Any:
    """What a decorated type is in the database. One that differs from engine to engine is taken for this one."""
    if type(item).load_dialect_impl is TypeDecorator.load_dialect_impl or context.dialect is None:
        return item.impl_instance
    return item.load_dialect_impl(_AsNamed(context.dialect))  # type: ignore[arg-type]  # all that it is asked for


class _AsNamed:
    """A dialect that leaves types as the application names them, instead of taking its driver's private classes."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dialect, name)

    def type_descriptor(self, typeobj: Any) -> Any:
        """Return an instance of the type."""
        return typeobj() if isinstance(typeobj, type) else typeobj
