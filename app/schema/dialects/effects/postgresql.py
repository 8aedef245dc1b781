"""PostgreSQL: which lock an operation takes on which table, and whether it rewrites or scans it.

The entries stand in modules by kind of operation; each registers itself with `postgresql_base.entry`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableOp,
)

from ...core.ops import ReindexOp, TriggerOp, TruncateOp, ValidateConstraintOp

# Imported because importing them registers their entries.
from . import postgresql_columns, postgresql_constraints, postgresql_objects, postgresql_tables  # noqa: F401
from .postgresql_base import entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.effect import Effect
    from .change import Change

# What is done to a partitioned table is done to each of its partitions; UNIQUE and PRIMARY KEY have their own entry.
_RECURSIVE = (
    AddColumnOp, AlterColumnOp, CreateCheckConstraintOp, CreateForeignKeyOp, CreateIndexOp, DropColumnOp,
    DropConstraintOp, DropIndexOp, DropTableOp, ReindexOp, TriggerOp, TruncateOp, ValidateConstraintOp,
)  # fmt: skip


def postgresql_effects(change: Change) -> Iterable[Effect]:
    """Return what an operation does on PostgreSQL, its own table first."""
    effects = list(entry(change.step.op, change))
    return [*effects, *_on_partitions(effects, change)]


def _on_partitions(effects: list[Effect], change: Change) -> Iterator[Effect]:
    if not isinstance(change.step.op, _RECURSIVE) or change.has("only"):
        return
    for effect in effects:
        table = change.state.table(effect.table)
        for partition in table.partitions if table else ():
            yield replace(effect, table=partition)
