"""Passes over `batch_alter_table` blocks that took effect when the revision ran before."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.operations.batch import BatchOperationsImpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def passed_over(passes: Callable[[], bool]) -> Iterator[None]:
    """Do nothing at the end of a batch block inside the context, where that is asked for.

    A rebuild starts from the table as it is: one that was rebuilt already has no longer what the block drops.

    :param passes: whether the block took effect before.
    """
    before: Any = BatchOperationsImpl.flush

    def flush(self: BatchOperationsImpl) -> None:
        if not passes():
            before(self)

    BatchOperationsImpl.flush = flush  # type: ignore[method-assign]  # put back below; one command at a time runs
    try:
        yield
    finally:
        BatchOperationsImpl.flush = before  # type: ignore[method-assign]
