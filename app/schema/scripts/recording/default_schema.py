"""PostgreSQL's schema `public`: a table is the same one whether a revision names it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp, BulkInsertOp, CreateTableOp
from sqlalchemy import Column, ForeignKeyConstraint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.operations.ops import MigrateOperation

DEFAULT_SCHEMA = "public"
_KEYWORDS = ("schema", "source_schema", "referent_schema")


def without_default_schema(op: MigrateOperation) -> None:
    """Let an operation name no schema where it names the one that is searched anyway.

    Histories mix both spellings: `pg_dump` writes `public.book`, autogenerate writes `book`.
    """
    changed: Any = op
    if getattr(op, "schema", None) == DEFAULT_SCHEMA:
        changed.schema = None
    keywords = getattr(op, "kw", None)
    if isinstance(keywords, dict):
        changed.kw = {k: None if k in _KEYWORDS and v == DEFAULT_SCHEMA else v for k, v in keywords.items()}
    if isinstance(op, BulkInsertOp) and op.table.schema == DEFAULT_SCHEMA:
        changed.table.schema = None
    for key in _foreign_keys(op):
        target = getattr(key, "_given_tokens", None)
        if target is not None and target.schema == DEFAULT_SCHEMA:
            key._given_tokens = target._replace(schema=None)


def _foreign_keys(op: MigrateOperation) -> Iterable[Any]:
    items: Iterable[Any] = ()
    if isinstance(op, CreateTableOp):
        items = op.columns
    elif isinstance(op, AddColumnOp):
        items = (op.column,)
    for item in items:
        if isinstance(item, Column):
            yield from item.foreign_keys
        elif isinstance(item, ForeignKeyConstraint):
            yield from item.elements
