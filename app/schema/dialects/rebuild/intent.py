"""What a `batch_alter_table` block says about its table, read from Alembic's objects.

Alembic reflects the table, changes the copy, and would create the copy. Reflection does not see all of a table. So only
the differences between the reflected table and the copy are read here: what differs is what the revision says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.schema import CreateColumn

from .lexer import key
from .renaming import doomed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from alembic.operations.batch import ApplyBatchImpl
    from sqlalchemy import Column, Dialect
    from sqlalchemy.types import TypeEngine

_OPTIONS = {"sqlite_autoincrement": False, "sqlite_with_rowid": True, "sqlite_strict": False}
_UNREFLECTED = ("sqlite_autoincrement",)


@dataclass(frozen=True)
class Retyped:
    """A column whose type the revision states.

    :param old: the reflected type.
    """

    old: TypeEngine[Any]
    new: TypeEngine[Any]


@dataclass(frozen=True)
class ColumnIntent:
    """What the revision says about one column of the new table.

    :param name: the new one.
    :param definition: SQL of a column that is new, or that is computed in another way than before.
    :param is_new: the column takes no values from the old table.
    :param type: the type that it states, as SQL without a collation.
    :param collation: the one that the type states.
    :param nullable: the new answer, if it is new.
    :param default: SQL of the new default, "" for none any more, `None` for what it was.
    """

    name: str
    definition: str | None = None
    is_new: bool = False
    type: str | None = None
    collation: str | None = None
    nullable: bool | None = None
    default: str | None = None
    retyped: Retyped | None = None


@dataclass(frozen=True)
class ConstraintIntent:
    """A constraint that the table has by Alembic's account.

    :param kind: as in `table_text.Clause`.
    :param columns: keys of its columns by their new names.
    """

    kind: str
    name: str | None
    columns: tuple[str, ...]
    target: str | None = None


@dataclass(frozen=True)
class Intent:
    """What the revision says about one table.

    :param columns: those of the new table, in order.
    :param renamed: from old to new names.
    :param dropped: columns that go, by the names they have when others were renamed.
    :param removed: constraints that go.
    :param kept: constraints that stay, with the names that Alembic gives them.
    :param added: SQL of constraints that come.
    :param primary_key: keys of its columns.
    :param primary_key_name: of a key that the revision states.
    :param restates_checks: the revision hands over all checks that have no name, as Alembic's manual asks for.
    :param options: what it says about `sqlite_autoincrement`, `sqlite_with_rowid` and `sqlite_strict`.
    """

    columns: tuple[ColumnIntent, ...]
    renamed: Mapping[str, str]
    dropped: tuple[str, ...]
    removed: tuple[ConstraintIntent, ...]
    kept: tuple[ConstraintIntent, ...]
    added: tuple[str, ...]
    primary_key: tuple[str, ...]
    primary_key_name: str | None = None
    restates_primary_key: bool = False
    restates_checks: bool = False
    options: Mapping[str, bool] = field(default_factory=dict)


class Reader:
    """Reads one block.

    :param batch: Alembic's, after the operations were applied to it.
    :param retyped: by column, what the revision said about types.
    """

    def __init__(
        self, batch: ApplyBatchImpl, retyped: Mapping[Column[Any], Retyped], dialect: Dialect
    ) -> None:
        self.batch = batch
        self.old = batch.table
        new: Any = batch.new_table
        self.new = new
        self.retyped = retyped
        self.dialect = dialect
        self.compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # one that is given parts

    def intent(self) -> Intent:
        """Return what the block says."""
        columns = self.batch.columns
        renamed, dropped, gone = self._names()
        stated = [*self.batch.named_constraints.values(), *self.batch.unnamed_constraints]
        before = [c for c in self.old.constraints if self._is_visible(c)]
        # Alembic knows one constraint of each name; SQLite lets several have it.
        names = {_name(c) for c in stated if _is_in(c, before)} - {None}
        staying = [c for c in before if (_is_in(c, stated) or _name(c) in names) and self._stays(c)]
        coming = [c for c in stated if not _is_in(c, self.old.constraints)] + self._of_arguments()
        key_constraint = self.new.primary_key
        return Intent(
            columns=tuple(self._column(k, column) for k, column in columns.items()),
            renamed={**renamed, **gone},
            dropped=tuple(gone.get(name, name) for name in dropped),
            removed=tuple(self._constraint(c) for c in before if not _is_in(c, staying)),
            kept=tuple(self._constraint(c) for c in staying),
            added=tuple(self._added(coming)),
            primary_key=tuple(key(str(c.name)) for c in key_constraint.columns),
            primary_key_name=_name(key_constraint),
            restates_primary_key=any(isinstance(c, PrimaryKeyConstraint) for c in coming),
            restates_checks=any(isinstance(it, CheckConstraint) for it in self.batch.table_args),
            options=self._options(),
        )

    def _names(self) -> tuple[dict[str, str], list[str], dict[str, str]]:
        """Return new names, dropped columns, and other names for those of them whose name another column takes."""
        columns, transfers = self.batch.columns, self.batch.column_transfers
        renamed = {
            k: str(column.name)
            for k, column in columns.items()
            if "expr" in transfers[k] and column.name != k
        }
        dropped = [str(column.name) for column in self.old.columns if column.key not in columns]
        taken = {key(name) for name in renamed.values()}
        return renamed, dropped, {name: doomed(name) for name in dropped if key(name) in taken}

    def _column(self, old_key: str, column: Column[Any]) -> ColumnIntent:
        name = str(column.name)
        if "expr" not in self.batch.column_transfers[old_key]:
            return ColumnIntent(name, definition=self._definition(column), is_new=True)
        before = self.old.columns[old_key]
        if _formula(before) != _formula(column):
            return ColumnIntent(name, definition=self._definition(column))
        retyped = self.retyped.get(column)
        defaults = [self.compiler.get_column_default_string(c) for c in (before, column)]
        return ColumnIntent(
            name,
            type=self._type(column) if retyped else None,
            collation=getattr(column.type, "collation", None) if retyped else None,
            nullable=column.nullable if bool(before.nullable) != bool(column.nullable) else None,
            default=self._default(column) if defaults[0] != defaults[1] else None,
            retyped=retyped,
        )

    def _definition(self, column: Column[Any]) -> str:
        return str(CreateColumn(column).compile(dialect=self.dialect))

    def _type(self, column: Column[Any]) -> str:
        sql: str = self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        return sql.partition(" COLLATE ")[0]

    def _default(self, column: Column[Any]) -> str:
        """The default as SQLite wants it: an expression in parentheses."""
        words = self._definition(column)
        default = self.compiler.get_column_default_string(column)
        if default is None:
            return ""
        return f"({default})" if f"DEFAULT ({default})" in words else str(default)

    def _is_visible(self, constraint: Constraint) -> bool:
        """Whether Alembic would carry a constraint over."""
        if isinstance(constraint, PrimaryKeyConstraint) or _is_of_a_type(constraint):
            return False
        return not (self.batch.reflected and isinstance(constraint, CheckConstraint) and not constraint.name)

    def _stays(self, constraint: Constraint) -> bool:
        return all(column in self.batch.column_transfers for column in _columns(constraint))

    def _constraint(self, constraint: Constraint) -> ConstraintIntent:
        names = {k: str(column.name) for k, column in self.batch.columns.items()} | self._names()[2]
        columns = tuple(key(names.get(column, column)) for column in _columns(constraint))
        name = _name(constraint)
        if isinstance(constraint, ForeignKeyConstraint):
            return ConstraintIntent(
                "references", name, columns, constraint.elements[0].target_fullname.split(".")[-2]
            )
        return ConstraintIntent(
            "unique" if isinstance(constraint, UniqueConstraint) else "check", name, columns
        )

    def _of_arguments(self) -> list[Constraint]:
        given = [it for it in self.batch.table_args if isinstance(it, Constraint)]
        return given + [c for c in self.new.constraints if _is_of_a_type(c)]

    def _added(self, coming: Iterable[Constraint]) -> Iterator[str]:
        """Yield SQL of constraints; Alembic's copies of them know new names of columns."""
        for constraint in coming:
            if isinstance(constraint, PrimaryKeyConstraint):
                continue
            name = _name(constraint)
            copies = (c for c in self.new.constraints if name is not None and _name(c) == name)
            rule = getattr(constraint, "_create_rule", None)
            if rule is None or rule(self.compiler):
                sql = self.compiler.process(next(copies, constraint))
                if sql:
                    yield str(sql)

    def _options(self) -> dict[str, bool]:
        # The view of a table's arguments answers for those too that were never given.
        before = dict(self.old.kwargs)
        said = self.batch.table_kwargs
        return {
            option: bool(said[option])
            for option, usual in _OPTIONS.items()
            if option in said and (option in _UNREFLECTED or bool(said[option]) != before.get(option, usual))
        }


def _is_in(constraint: Constraint, constraints: Iterable[Constraint]) -> bool:
    return any(constraint is it for it in constraints)


def _is_of_a_type(constraint: Constraint) -> bool:
    """Whether a type such as Boolean or Enum makes the constraint."""
    return bool(getattr(constraint, "_type_bound", False))


def _columns(constraint: Constraint) -> list[str]:
    if isinstance(constraint, ForeignKeyConstraint):
        return list(constraint.column_keys)
    return [str(column.key) for column in getattr(constraint, "columns", ())]


def _name(constraint: Constraint) -> str | None:
    return str(constraint.name) if isinstance(constraint.name, str) else None


def _formula(column: Column[Any]) -> str | None:
    computed = column.server_default
    return f"{computed.sqltext} {computed.persisted}" if isinstance(computed, Computed) else None
