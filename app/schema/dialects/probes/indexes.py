"""Indexes: there, on the expected columns, and valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.index_keys import column_of
from ...core.ops import ReindexOp, RenameIndexOp
from ...core.outcome import Outcome, Verdict
from .answer import Look, answer, no_table, presence, renamed, repeatable, state, unknown
from .chosen_names import may_be_chosen
from .tables import gone

if TYPE_CHECKING:
    from ...core.recorded import RecordedOp
    from .catalogue import IndexFact


@answer.register(ops.CreateIndexOp)
def index_created(op: ops.CreateIndexOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a valid index of the name, or with the columns where the statement leaves the name to the server."""
    table = look.name_of(str(op.table_name))
    if missing := no_table(op.schema, table, look):
        return missing
    found = _index(op, table, look)
    what = f"The index '{op.index_name}'" if op.index_name else f"An index on '{table}'"
    if found is None:
        return presence(there=False, wanted=True, what=what)
    what = f"The index '{found.name}' of '{found.table}'"
    problem = _index_mismatch(op, found, table, look)
    if problem and look.replaces("index", table, found.name):
        return state(as_wanted=False, explanation=f"{what} {problem}.")
    if problem and not op.if_not_exists:
        return unknown(f"{what} is there, but it {problem}.")
    return validity(found, what, look, whole="only" not in step.clauses)


def _index(op: ops.CreateIndexOp, table: str, look: Look) -> IndexFact | None:
    if op.index_name:
        # PostgreSQL puts an index where its table is.
        schema = op.schema or look.catalogue.place(None, table, "table", "materialized view")
        return look.catalogue.index(schema, str(op.index_name), table)
    fitting = (
        index
        for index in look.catalogue.indexes(op.schema, table)
        if not index.owned
        and not index.partial
        and may_be_chosen(index, look)
        and _index_mismatch(op, index, table, look) is None
    )
    plain = all(isinstance(column, str) for column in op.columns)
    return next(fitting, None) if plain and not _condition(op) else None


def _condition(op: ops.CreateIndexOp) -> bool:
    return any(key.endswith("_where") and value is not None for key, value in op.kw.items())


def _index_mismatch(op: ops.CreateIndexOp, found: IndexFact, table: str, look: Look) -> str | None:
    """Return in which way an index is certainly not the wanted one."""
    fold = look.catalogue.fold
    if fold(found.table) != fold(table):
        return f"is one of the table '{found.table}'"
    if found.unique is not bool(op.unique):
        return "is unique" if found.unique else "is not unique"
    wanted = [column_of(part) for part in op.columns]
    same = len(wanted) == len(found.columns) and all(
        one is None or other is None or fold(one) == fold(other)
        for one, other in zip(wanted, found.columns, strict=True)
    )
    if not same:
        return f"is one on {', '.join(name or 'an expression' for name in found.columns)}"
    if look.server.dialect_name != "mysql" and found.partial is not _condition(op):
        return "has a condition" if found.partial else "has no condition"
    return None


def validity(found: IndexFact, what: str, look: Look, *, whole: bool = True) -> Verdict:
    """Return whether an index that is there can be used.

    :param whole: whether it is to be; that of a partitioned table alone is not, until its partitions have theirs.
    """
    if found.valid or (found.parts and not whole):
        return Verdict(Outcome.DONE, f"{what} is there{' and valid' if found.valid else ''}.")
    if builder := look.catalogue.builder(found):
        return Verdict(Outcome.RUNNING, f"{what} is being built by {builder}.")
    if found.parts:
        return unknown(f"{what} is not valid: not every partition has one.")
    return Verdict(
        Outcome.BROKEN,
        f"{what} is invalid: the build of it stopped before its end.",
        (drop_invalid(found, look),),
    )


def drop_invalid(found: IndexFact, look: Look) -> str:
    """Return the statement that drops what is left of a build, without blocking anybody."""
    return f"DROP INDEX CONCURRENTLY IF EXISTS {look.catalogue.quoted(found.schema, found.name)}"


@answer.register(ops.DropIndexOp)
def index_dropped(op: ops.DropIndexOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether an index is gone. What an interrupted `DROP INDEX CONCURRENTLY` leaves can be dropped again."""
    what = f"The index '{op.index_name}'"
    if look.server.dialect_name != "mysql":
        return gone(look, op.schema, str(op.index_name), what, "index")
    table = look.name_of(str(op.table_name))
    if missing := no_table(op.schema, table, look):
        return missing
    there = look.catalogue.index(op.schema, str(op.index_name), table) is not None
    return presence(there=there, wanted=False, what=f"{what} of '{table}'")


@answer.register(RenameIndexOp)
def index_renamed(op: RenameIndexOp, look: Look, step: RecordedOp) -> Verdict:
    """Look which of the two names is there."""
    table = look.name_of(op.table_name) if op.table_name else None
    old, new = (
        look.catalogue.index(op.schema, name, table) is not None for name in (op.index_name, op.new_name)
    )
    return renamed(old=old, new=new, kind="The index", names=(op.index_name, op.new_name))


@answer.register(ReindexOp)
def index_rebuilt(op: ReindexOp, look: Look, step: RecordedOp) -> Verdict:
    """An index can be built anew as often as one likes; a concurrent build leaves a second one where it stops."""
    left = look.catalogue.rebuilt_halfway(op.kind, op.schema, op.name) if op.concurrently else ()
    for index in left:
        if builder := look.catalogue.builder(index):
            return Verdict(Outcome.RUNNING, f"The index '{index.name}' is being built by {builder}.")
    if not left:
        return repeatable("An index can be built anew again.")
    names = ", ".join(f"'{index.name}'" for index in left)
    cleanup = tuple(drop_invalid(index, look) for index in left)
    return Verdict(Outcome.BROKEN, f"A build that stopped before its end left {names}.", cleanup)
