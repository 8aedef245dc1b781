"""Runs `batch_alter_table` blocks so that an interrupted one can go on.

At its end a block either alters its table statement by statement, or rebuilds it: a copy is made, filled, and put in
the table's place. A rebuild starts from the table as it is, so that it cannot simply be begun again:

* what stands in a transaction that was committed before is passed over as a whole
* where nothing can be rolled back, the statements of a rebuild are found out and written down before the first one
  runs, and it is they that run, also when the revision goes on
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.operations.batch import BatchOperationsImpl

from ..core.journal import StepState
from .journal import digest_of
from .recovery import clear_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .revision_run import RevisionRun


@contextmanager
def resumable(run: RevisionRun) -> Iterator[None]:
    """Take over the end of batch blocks inside the context."""
    before: Any = BatchOperationsImpl.flush

    def flush(self: BatchOperationsImpl) -> None:
        _flush(run, self, lambda: before(self))

    BatchOperationsImpl.flush = flush  # type: ignore[method-assign]  # put back below; one command at a time runs
    try:
        yield
    finally:
        BatchOperationsImpl.flush = before  # type: ignore[method-assign]


def _flush(run: RevisionRun, block: BatchOperationsImpl, flush: Callable[[], None]) -> None:
    if run.passes_as_a_whole():
        return
    if not block._should_recreate():
        flush()
        return
    if run.rolls_back:
        _clear(run, block)
        flush()
        return
    for statement in _planned(run, block, flush):
        run.connection.exec_driver_sql(statement)


def _planned(run: RevisionRun, block: BatchOperationsImpl, flush: Callable[[], None]) -> list[str]:
    """The statements of a rebuild: those that were written down, or those that it sends now."""
    name = _name(block)
    with run.own():
        step = run.journal.known_by(digest_of(name), name)
    if step is not None:
        statements: list[str] = json.loads(step.statement)
        return statements
    _clear(run, block)
    with run.collecting() as statements:
        flush()
    with run.own():
        run.journal.intend(json.dumps(statements), StepState.DONE, digest=digest_of(name))
        run.commit_now()
    return statements


def _clear(run: RevisionRun, block: BatchOperationsImpl) -> None:
    table = f"{block.schema}.{block.table_name}" if block.schema else block.table_name
    with run.own():
        for line in clear_leftovers(run.connection, [table]):
            run.tell(line)


def _name(block: BatchOperationsImpl) -> str:
    """What tells a rebuild from another one of the same table."""
    parts = [
        " ".join([operation, *(str(getattr(it, "name", it)) for it in arguments)])
        for operation, arguments, _ in block.batch
    ]
    return f"rebuild {block.schema or ''}.{block.table_name}: {'; '.join(parts)}"
