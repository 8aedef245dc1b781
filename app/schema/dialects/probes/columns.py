"""Columns: added, dropped, renamed, and each of their properties changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from ...core.outcome import Outcome, Verdict, together
from .answer import Look, answer, no_table, presence, renamed, repeatable, state, unknown
from .shapes import column_mismatch, comparable, only_casts, same_expression, same_type, types_differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from .catalogue import ColumnFact


@answer.register(ops.AddColumnOp)
def added(op: ops.AddColumnOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a column in the shape that the statement gives it."""
    table, name = look.name_of(op.table_name), str(op.column.name)
    if missing := no_table(op.schema, table, look):
        return missing
    columns = look.catalogue.columns(op.schema, table)
    what = f"The column '{name}' of '{table}'"
    found = columns.get(look.catalogue.fold(name))
    if found is None:
        return presence(there=False, wanted=True, what=what)
    problem = None if op.if_not_exists else column_mismatch(op.column, found, look.server)
    if look.replaces("column", op.table_name, name):
        known = state(as_wanted=False, explanation=f"{what} {problem}.")
        return known if problem else unknown(f"{what} is there, but not whether it is the new one.")
    if problem:
        return unknown(f"{what} is there, but it {problem}.")
    return presence(there=True, wanted=True, what=what)


@answer.register(ops.DropColumnOp)
def dropped(op: ops.DropColumnOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a column is gone."""
    table = look.name_of(op.table_name)
    if missing := no_table(op.schema, table, look):
        return missing
    columns = look.catalogue.columns(op.schema, table)
    there = look.catalogue.fold(op.column_name) in columns
    return presence(there=there, wanted=False, what=f"The column '{op.column_name}' of '{table}'")


@answer.register(ops.AlterColumnOp)
def altered(op: ops.AlterColumnOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for each property that the statement changes."""
    table = look.name_of(op.table_name)
    if missing := no_table(op.schema, table, look):
        return missing
    columns = look.catalogue.columns(op.schema, table)
    fold = look.catalogue.fold
    new_name = op.modify_name if op.modify_name and op.modify_name != op.column_name else None
    if new_name and fold(new_name) != fold(op.column_name):
        # The rest of the statement stands and falls with the name.
        old, new = (fold(name) in columns for name in (op.column_name, new_name))
        return renamed(old=old, new=new, kind=f"The column of '{table}'", names=(op.column_name, new_name))
    found = columns.get(fold(op.column_name))
    if found is None:
        return unknown(f"The column '{op.column_name}' of '{table}' is not there.")
    if new_name and found.name not in (op.column_name, new_name):
        return unknown(f"The column of '{table}' is called '{found.name}'.")
    if new_name:
        return state(as_wanted=found.name == new_name, explanation=f"The column is called '{found.name}'.")
    verdict = together(list(_properties(op, found, look)))
    if "restates" in step.clauses and verdict.outcome is not Outcome.NOT_DONE:
        return repeatable(f"The column '{op.column_name}' of '{table}' can be described anew again.")
    return verdict


def _properties(op: ops.AlterColumnOp, found: ColumnFact, look: Look) -> Iterator[Verdict]:
    what = f"The column '{op.column_name}'"
    if op.modify_type is not None:
        yield _type(op, found, look)
    if op.modify_nullable is not None:
        yield _nullability(op, found, look)
    if op.modify_server_default is not False:
        yield _default(op, found)
    if op.modify_comment is not False:
        wanted = op.modify_comment or None
        yield state(
            as_wanted=found.comment == wanted, explanation=f"{what} has the comment {found.comment!r}."
        )


def _type(op: ops.AlterColumnOp, found: ColumnFact, look: Look) -> Verdict:
    explanation = f"The column '{op.column_name}' has the type {found.type}."
    wanted: Any = op.modify_type
    using = op.kw.get("postgresql_using")
    changed = using is not None and not only_casts(using, op.column_name)
    if types_differ(wanted, found.type, look.server):
        return Verdict(Outcome.NOT_DONE, explanation)
    if changed:
        return unknown(f"{explanation} Whether its values went through the expression cannot be told.")
    if not comparable(wanted, found.type, look.server):
        return repeatable(f"{explanation} It can be set again.")
    if not same_type(wanted, found.type, look.server):
        return Verdict(Outcome.NOT_DONE, explanation)
    if getattr(wanted, "collation", None):
        return repeatable(f"{explanation} Its collation can be set again.")
    return state(as_wanted=True, explanation=explanation)


def _nullability(op: ops.AlterColumnOp, found: ColumnFact, look: Look) -> Verdict:
    if op.kw.get("postgresql_not_valid"):
        name = str(op.kw.get("postgresql_constraint"))
        there = any(
            c.name == name for c in look.catalogue.constraints(op.schema, look.name_of(op.table_name))
        )
        return presence(there=there, wanted=True, what=f"The constraint '{name}'")
    how = "takes NULL" if found.nullable else "is NOT NULL"
    return state(
        as_wanted=found.nullable is op.modify_nullable, explanation=f"The column '{op.column_name}' {how}."
    )


def _default(op: ops.AlterColumnOp, found: ColumnFact) -> Verdict:
    what = f"The column '{op.column_name}'"
    wanted: Any = op.modify_server_default
    if isinstance(wanted, sa.Identity):
        kind = "ALWAYS" if wanted.always else "BY DEFAULT"
        how = f"an identity {found.identity}" if found.identity else "no identity"
        return state(as_wanted=found.identity == kind, explanation=f"{what} is {how}.")
    if isinstance(wanted, sa.Computed):
        return repeatable(f"The expression of '{op.column_name}' can be set again.")
    if wanted is None:
        return _no_default(op, found, what)
    text = getattr(wanted, "arg", wanted)
    if found.default is None and str(text).upper() != "NULL":
        return state(as_wanted=False, explanation=f"{what} has no default.")
    if same_expression(text, found.default):
        return state(as_wanted=True, explanation=f"{what} has the default {found.default}.")
    return repeatable(f"{what} has the default {found.default}; it can be set again.")


def _no_default(op: ops.AlterColumnOp, found: ColumnFact, what: str) -> Verdict:
    before = op.existing_server_default
    if isinstance(before, sa.Identity):
        return state(as_wanted=not found.identity, explanation=f"{what} has the identity '{found.identity}'.")
    if isinstance(before, sa.Computed):
        how = "is a generated one" if found.generated else "is no generated one"
        return state(as_wanted=not found.generated, explanation=f"{what} {how}.")
    return state(as_wanted=found.default is None, explanation=f"{what} has the default {found.default}.")
