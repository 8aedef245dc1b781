"""Tables: created, dropped, renamed, commented, emptied, and their options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from ...core.ops import LockTableOp, RewriteTableOp, TableOptionOp, TruncateOp
from ...core.outcome import Outcome, Verdict
from .answer import Look, answer, no_table, presence, repeatable, state, unknown
from .shapes import column_mismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.recorded import RecordedOp

ANY = ("table", "view", "materialized view", "sequence", "index")
_TEMPORARY = {"temp", "temporary"}
# Among the options without a kind of their own, those that cannot be set as often as one likes.
_NOT_REPEATABLE = re.compile(r"(?:ADD|DROP) (?:SYSTEM|PERIOD)|(?:DISCARD|IMPORT) TABLESPACE", re.IGNORECASE)


@answer.register(ops.CreateTableOp)
def created(op: ops.CreateTableOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a table with all the columns."""
    what = f"The table '{op.table_name}'"
    if step.clauses.keys() & _TEMPORARY:
        return Verdict(Outcome.NOT_DONE, f"{what} was a temporary one: it ended with its session.")
    home = look.catalogue.home(op.schema)
    if look.catalogue.place(home, op.table_name, "table") is None:
        return presence(there=False, wanted=True, what=what)
    if ("as" in step.clauses and not look.server.transactional_ddl) or look.replaces(
        "table", op.table_name, ""
    ):
        return unknown(f"{what} is there, but not whether it is the new one, and has all its rows.")
    problem = None if op.if_not_exists else _mismatch(op, home, look, step)
    if problem:
        return unknown(f"{what} is there, but {problem}.")
    return presence(there=True, wanted=True, what=what, more=" with its columns")


def _mismatch(op: ops.CreateTableOp, home: str | None, look: Look, step: RecordedOp) -> str | None:
    """Return in which way a table is certainly not the one that was to be created."""
    fold = look.catalogue.fold
    wanted = {fold(str(item.name)): item for item in op.columns if isinstance(item, sa.Column)}
    found = look.catalogue.columns(home, op.table_name)
    open_ended = step.clauses.keys() & {"like", "inherits", "of", "as", "virtual"}
    if missing := [str(wanted[name].name) for name in wanted if name not in found]:
        return f"has no column '{missing[0]}'"
    if not open_ended and (more := [name for name in found if name not in wanted]):
        return f"has another column '{more[0]}'"
    for name, column in wanted.items():
        if problem := column_mismatch(column, found[name], look.server):
            return f"its column '{column.name}' {problem}"
    return None


@answer.register(ops.DropTableOp)
def dropped(op: ops.DropTableOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a table is gone."""
    what = f"The table '{op.table_name}'"
    if step.clauses.keys() & _TEMPORARY:
        return Verdict(Outcome.DONE, f"{what} was a temporary one: it ended with its session.")
    return gone(look, op.schema, op.table_name, what, "table")


def gone(look: Look, schema: str | None, name: str, what: str, *kinds: str) -> Verdict:
    """Look whether something is gone. One of the same name in another schema of the search path says nothing."""
    place = look.catalogue.place(schema, name, *kinds)
    if place is not None and schema is None and place != look.catalogue.home(None):
        return unknown(f"{what} is there in the schema '{place}'; it is not known whether that is the one.")
    return presence(there=place is not None, wanted=False, what=what)


def names_changed(renames: Sequence[ops.RenameTableOp], look: Look) -> Verdict:
    """Look which names of all that one statement gives and takes are there: `RENAME TABLE a TO old, new TO a`."""
    before: dict[tuple[str | None, str], bool] = {}
    after: dict[tuple[str | None, str], bool] = {}
    names: dict[tuple[str | None, str], str] = {}
    for op in renames:
        old, new = ((op.schema, look.catalogue.fold(name)) for name in (op.table_name, op.new_table_name))
        names |= {old: op.table_name, new: op.new_table_name}
        for key, there in ((old, True), (new, False)):
            before.setdefault(key, there)
        after |= {old: False, new: True}
    found = {key: look.catalogue.place(key[0], name, *ANY) is not None for key, name in names.items()}
    shown = [f"'{names[key]}'" for key, there in found.items() if there]
    explanation = f"Of the names {', '.join(names.values())} there is {', '.join(shown) or 'none'}."
    if before == after or found not in (before, after):
        return unknown(explanation)
    return state(as_wanted=found == after, explanation=explanation)


@answer.register(ops.CreateTableCommentOp)
@answer.register(ops.DropTableCommentOp)
def commented(op: Any, look: Look, step: RecordedOp) -> Verdict:
    """Compare the comment of a table."""
    name = look.name_of(op.table_name)
    if missing := no_table(op.schema, name, look):
        return missing
    found = look.catalogue.comment(op.schema, name)
    wanted = getattr(op, "comment", None) or None
    return state(as_wanted=found == wanted, explanation=f"The comment of '{name}' is {found!r}.")


@answer.register(TruncateOp)
def emptied(op: TruncateOp, look: Look, step: RecordedOp) -> Verdict:
    """An empty table can be emptied again; rows may be old ones, or have come since."""
    return unknown(f"Whether the rows of {', '.join(op.tables)} are older than the statement cannot be told.")


@answer.register(RewriteTableOp)
def rewritten(op: RewriteTableOp, look: Look, step: RecordedOp) -> Verdict:
    """Rows are written anew, and stay what they are."""
    return repeatable(f"{op.command} changes no row.")


@answer.register(LockTableOp)
def locked(op: LockTableOp, look: Look, step: RecordedOp) -> Verdict:
    """A lock ended with its session."""
    return repeatable("A lock ends with its session.")


@answer.register(TableOptionOp)
def option_set(op: TableOptionOp, look: Look, step: RecordedOp) -> Verdict:
    """Most options can be set again."""
    name = look.name_of(op.table_name)
    value = op.value or ""
    if op.option == "partition":
        return _partitioned(name, op, look)
    if op.option == "set schema":
        return _moved(name, op.schema, value, look)
    if op.option == "other" and _NOT_REPEATABLE.match(value):
        return unknown(f"Whether '{name}' has got '{value}' is not looked for.")
    if op.option in ("inherit", "no inherit"):
        return _inherits(name, op, look)
    return repeatable(f"The option {op.option} of '{name}' can be set again.")


def _inherits(name: str, op: TableOptionOp, look: Look) -> Verdict:
    """`INHERIT` and `NO INHERIT`; a table `OF` a type is read as one of them."""
    parent = (op.value or "").rpartition(".")[2].strip('"')
    if not re.search(r"\bINHERIT\b", look.sql, re.IGNORECASE):
        return unknown(f"Of which type '{name}' is cannot be told.")
    there = parent in look.catalogue.parents(op.schema, name)
    return presence(there=there, wanted=op.option == "inherit", what=f"The parent '{parent}' of '{name}'")


def _moved(name: str, schema: str | None, target: str, look: Look) -> Verdict:
    there = look.catalogue.place(target, name, *ANY) is not None
    places = [look.catalogue.place(schema, name, *ANY)]
    left = places[0] is not None and places[0] != target
    if there is left:
        return unknown(f"'{name}' is {'in both schemas' if there else 'in neither schema'}.")
    return state(
        as_wanted=there, explanation=f"'{name}' is in the schema '{target if there else places[0]}'."
    )


def _partitioned(name: str, op: TableOptionOp, look: Look) -> Verdict:
    """`PARTITION BY`, and `ADD`, `DROP` and `REMOVE` of partitions of MySQL."""
    value = " ".join((op.value or "").split())
    verb = value.split(" ", 1)[0].upper()
    if verb in ("ANALYZE", "CHECK", "OPTIMIZE", "REBUILD", "REPAIR"):
        return repeatable(f"{verb} PARTITION changes no row.")
    if value.upper().startswith("PARTITION BY"):
        return repeatable(f"'{name}' can be partitioned so again.")
    if value.upper().startswith("REMOVE PARTITIONING"):
        there = bool(look.catalogue.exists("partitioning", op.schema, name))
        return presence(there=there, wanted=False, what=f"The partitioning of '{name}'")
    names = _partition_names(verb, value)
    found = {part: bool(look.catalogue.exists("partition", op.schema, part, name)) for part in names}
    if not found or len(set(found.values())) > 1:
        return unknown(f"Whether '{name}' is partitioned anew cannot be told.")
    there = next(iter(found.values()))
    return presence(there=there, wanted=verb == "ADD", what=f"The partition '{names[0]}' of '{name}'")


def _partition_names(verb: str, value: str) -> list[str]:
    if verb == "ADD":
        return [name.strip("`") for name in re.findall(r"(?i)[(,]\s*PARTITION\s+(`[^`]+`|\w+)", value)]
    if verb == "DROP":
        listed = re.sub(r"(?i)^DROP PARTITION (?:IF EXISTS )?", "", value)
        return [part.strip().strip("`") for part in listed.split(",")]
    return []
