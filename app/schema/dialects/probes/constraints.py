"""Constraints: there, on the expected columns, and valid for all rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from ...core.ops import AddExclusionOp, RenameConstraintOp, ValidateConstraintOp
from .answer import Look, answer, no_table, presence, renamed, state, unknown
from .chosen_names import may_be_chosen
from .shapes import same_expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.outcome import Verdict
    from ...core.recorded import RecordedOp
    from .catalogue import ConstraintFact

# What MySQL calls every primary key.
_PRIMARY = "PRIMARY"


@dataclass(frozen=True)
class _Wanted:
    """A constraint as a statement gives it; what is None is not said."""

    kind: str
    name: str | None
    columns: tuple[str, ...] | None = None
    referred_table: str | None = None
    ondelete: str = "NO ACTION"
    onupdate: str = "NO ACTION"
    expression: str | None = None
    validated: bool | None = None


@answer.register(ops.CreatePrimaryKeyOp)
@answer.register(ops.CreateUniqueConstraintOp)
@answer.register(ops.CreateCheckConstraintOp)
@answer.register(ops.CreateForeignKeyOp)
@answer.register(AddExclusionOp)
def constraint_created(op: Any, look: Look, step: RecordedOp) -> Verdict:
    """Look for a constraint by its name; where the statement leaves that to the server, for one that says the same."""
    schema, table = (
        getattr(op, "schema", None),
        look.name_of(getattr(op, "table_name", None) or op.source_table),
    )
    if isinstance(op, ops.CreateForeignKeyOp):
        schema = op.kw.get("source_schema")
    if missing := no_table(schema, table, look):
        return missing
    wanted = _wanted(op)
    found = _found(wanted, look.catalogue.constraints(schema, table), look)
    called = f" '{wanted.name}'" if wanted.name else ""
    what = f"The {wanted.kind}{called} of '{table}'"
    if found is None:
        return presence(there=False, wanted=True, what=what)
    replaced = any(look.replaces("constraint", table, name) for name in (found.name, _PRIMARY))
    problem = _mismatch(wanted, found, look, words=replaced or not wanted.name)
    if problem is None:
        return presence(there=True, wanted=True, what=what)
    if replaced and wanted.kind in ("primary key", "unique", "foreign key"):
        return state(as_wanted=False, explanation=f"{what} {problem}.")
    return unknown(f"{what} is there, but it {problem}.")


def _wanted(op: Any) -> _Wanted:
    name = str(op.constraint_name) if op.constraint_name is not None else None
    if isinstance(op, AddExclusionOp):
        return _Wanted("exclude", name)
    if isinstance(op, ops.CreateForeignKeyOp):
        validated = not op.kw.get("postgresql_not_valid")
        return _Wanted(
            "foreign key", name, tuple(op.local_cols), op.referent_table, _action(op.kw.get("ondelete")),
            _action(op.kw.get("onupdate")), validated=validated,
        )  # fmt: skip
    if isinstance(op, ops.CreateCheckConstraintOp):
        validated = not op.kw.get("postgresql_not_valid")
        return _Wanted("check", name, expression=str(op.condition), validated=validated)
    kind = "primary key" if isinstance(op, ops.CreatePrimaryKeyOp) else "unique"
    if using := op.kw.get("postgresql_using_index"):
        return _Wanted(kind, name or str(using))
    return _Wanted(kind, name, tuple(str(column) for column in op.columns))


def _action(word: object) -> str:
    return str(word or "NO ACTION").upper()


def _found(wanted: _Wanted, there: Sequence[ConstraintFact], look: Look) -> ConstraintFact | None:
    fold = look.catalogue.fold
    if wanted.kind == "primary key":
        # A table has one at most, and on MySQL its name is always PRIMARY.
        return next((found for found in there if found.kind == wanted.kind), None)
    if wanted.name:
        return next((found for found in there if fold(found.name) == fold(wanted.name)), None)
    same_kind = [found for found in there if found.kind == wanted.kind and may_be_chosen(found, look)]
    fitting = (found for found in same_kind if _mismatch(wanted, found, look, words=True) is None)
    # A check may say the same in words that look different: then there is one, and it does not fit.
    doubtful = next(iter(same_kind), None) if wanted.kind in ("check", "exclude") else None
    return next(fitting, doubtful)


def _mismatch(wanted: _Wanted, found: ConstraintFact, look: Look, *, words: bool) -> str | None:
    """Return in which way a constraint is not certainly the wanted one.

    :param words: whether the name does not suffice for a check, because there may have been another of that name.
    """
    if found.kind != wanted.kind:
        return f"is a {found.kind}"
    problem = _columns_mismatch(wanted, found, look) or _words_mismatch(wanted, found, words=words)
    if problem is None and wanted.validated is True and not found.validated:
        return "is not validated"
    return problem


def _columns_mismatch(wanted: _Wanted, found: ConstraintFact, look: Look) -> str | None:
    fold = look.catalogue.fold
    if wanted.columns is not None and [*map(fold, wanted.columns)] != [*map(fold, found.columns)]:
        return f"is one of {', '.join(found.columns)}"
    if wanted.kind != "foreign key":
        return None
    if fold(wanted.referred_table or "") != fold(found.referred_table or ""):
        return f"refers to '{found.referred_table}'"
    if _weak(look, wanted.ondelete, wanted.onupdate) != _weak(look, found.ondelete, found.onupdate):
        return f"has ON DELETE {found.ondelete} and ON UPDATE {found.onupdate}"
    return None


def _words_mismatch(wanted: _Wanted, found: ConstraintFact, *, words: bool) -> str | None:
    if wanted.kind == "exclude" and words:
        return "may be another one"
    if wanted.kind == "check" and words and not same_expression(wanted.expression, found.expression):
        return f"says {found.expression}"
    return None


def _weak(look: Look, *actions: str) -> list[str]:
    """On MySQL RESTRICT and NO ACTION are one (manual, "FOREIGN KEY Constraints")."""
    mysql = look.server.dialect_name == "mysql"
    return ["NO ACTION" if mysql and action == "RESTRICT" else action.split(" (")[0] for action in actions]


@answer.register(ops.DropConstraintOp)
def constraint_dropped(op: ops.DropConstraintOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a constraint is gone."""
    table, name = look.name_of(op.table_name), str(op.constraint_name)
    if missing := no_table(op.schema, table, look):
        return missing
    kinds = {"primary": "primary key", "foreignkey": "foreign key", "check": "check", "unique": "unique"}
    kind = kinds.get(op.constraint_type or "")
    fold = look.catalogue.fold
    there = any(
        (found.kind == kind if kind == "primary key" else fold(found.name) == fold(name))
        and kind in (None, found.kind)
        for found in look.catalogue.constraints(op.schema, table)
    )
    return presence(there=there, wanted=False, what=f"The {kind or 'constraint'} '{name}' of '{table}'")


@answer.register(RenameConstraintOp)
def constraint_renamed(op: RenameConstraintOp, look: Look, step: RecordedOp) -> Verdict:
    """Look which of the two names is there."""
    names = {found.name for found in look.catalogue.constraints(op.schema, look.name_of(op.table_name))}
    old, new = op.constraint_name in names, op.new_name in names
    return renamed(old=old, new=new, kind="The constraint", names=(op.constraint_name, op.new_name))


@answer.register(ValidateConstraintOp)
def constraint_validated(op: ValidateConstraintOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a constraint is valid for the rows that were there before it."""
    table = look.name_of(op.table_name)
    there = {found.name: found for found in look.catalogue.constraints(op.schema, table)}
    found = there.get(op.constraint_name)
    if found is None:
        return unknown(f"The constraint '{op.constraint_name}' of '{table}' is not there.")
    how = "is validated" if found.validated else "is not validated"
    return state(as_wanted=found.validated, explanation=f"The constraint '{found.name}' of '{table}' {how}.")
