"""What a rule is, and what it is given to judge an operation by.

A rule is a module in `lint/rules` with a docstring under fixed headings, one declaration `RULE`, and one generator
function `check(step, around)`. Its file is named after its (first) id, `-` replaced by `_`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from ..core.finding import Finding, Fix, FixStep, Severity
from .history import DeletedRevision, EditedRevision, History, HistoryRevision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from alembic.operations.ops import MigrateOperation

    from ..core.effect import Effect
    from ..core.facts import Facts
    from ..core.recorded import RecordedOp, Recording
    from ..core.server import Server
    from ..core.state import ColumnState, State, TableState

__all__ = [
    "EVERY_ENGINE",
    "MYSQL_FAMILY",
    "POSTGRESQL",
    "SQLITE",
    "DeletedRevision",
    "EditedRevision",
    "Environment",
    "History",
    "HistoryRevision",
    "Rule",
    "Surroundings",
]

POSTGRESQL = ("postgresql",)
MYSQL_FAMILY = ("mysql", "mariadb")
SQLITE = ("sqlite",)
EVERY_ENGINE = ("postgresql", "mysql", "mariadb", "sqlite")


@dataclass(frozen=True)
class Rule:
    """The declaration of a rule.

    :param id: the id, or one id for each engine where one hazard has two names: `{"postgresql": "pg-…"}`.
    :param severity: how bad it is; a rule may lower it in a single finding.
    :param engines: engines that the rule judges for.
    :param ops: operation classes that `check` is called for. None: see `scope`.
    :param scope: `operation`: `check(step, around)` is called for each operation of `ops`, with the state before it.
        `revision`: `check(around)` is called once for each revision, with the state after it.
        `allowances`: like `revision`, after all others, with `around.unused`.
        `history`: `check(history)` is called once, with a `History`.
    :param new_tables: true if the rule also judges operations on a table that the same revision created.
    :param supersedes: ids of more general rules whose finding at the same operation this rule's finding replaces.
    :param aliases: other names of the hazard, understood wherever an id is typed; findings never carry them.
    :param default: false for rules that are off unless asked for.
    :param fixable: true if the rule's findings can carry a fix.
    """

    id: str | Mapping[str, str]
    severity: Severity
    engines: tuple[str, ...]
    ops: tuple[type[MigrateOperation], ...] | None = None
    scope: Literal["operation", "revision", "allowances", "history"] = "operation"
    new_tables: bool = False
    default: bool = True
    fixable: bool = False
    supersedes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids of the rule."""
        return (self.id,) if isinstance(self.id, str) else tuple(dict.fromkeys(self.id.values()))

    def id_for(self, server: Server) -> str:
        """Return the id under which the rule reports for a server."""
        return self.id if isinstance(self.id, str) else self.id[server.engine]


@dataclass(frozen=True)
class Environment:
    """How revisions are run.

    :param transaction_per_migration: each revision has a transaction of its own.
    :param lock_timeout: the runner sets a lock timeout before each statement that takes a strong lock.
    :param models: columns by table that the application's models map, None if they are not known.
    :param several_engines: the project targets more than one engine.
    :param strict_mode: MySQL and MariaDB run with a strict `sql_mode`.
    :param foreign_keys: SQLite runs migrations with `PRAGMA foreign_keys=ON`, as the application does.
    :param guarded_rebuild: the runner rebuilds SQLite tables without losing child rows, triggers and the like.
    """

    transaction_per_migration: bool = True
    lock_timeout: bool = True
    models: Mapping[str, frozenset[str]] | None = None
    several_engines: bool = False
    strict_mode: bool = True
    foreign_keys: bool = True
    guarded_rebuild: bool = False


@dataclass(frozen=True)
class Surroundings:
    """All that a rule may know besides the operation itself.

    :param state: the schema before the operation.
    :param index: position of the operation in `recording.operations`.
    :param effects: what the operation does to each table that it touches.
    :param downgrade: what `downgrade()` of the revision does.
    :param later: recordings of the revisions that come after this one, in order.
    :param all_effects: for each operation of the revision up to now, what it does to each table.
    :param before: the tables that the revision touches as they were before it; scopes `revision` and `allowances`.
    :param undone: those tables after upgrade and then downgrade, None if the revision has no downgrade.
    :param unused: keys of the revision's `allow` variable that have a reason and that no finding needed; `expired`
        those whose day has passed, with that day; `reasonless` those that say nothing. Scope `allowances`.
    :param render: operations → Python source of a migration, for "Instead" and fixes.
    """

    rule: Rule
    server: Server
    state: State
    recording: Recording
    index: int
    effects: Sequence[Effect]
    render: Callable[[Sequence[FixStep]], str]
    facts: Facts | None = None
    environment: Environment = field(default_factory=Environment)
    later: Sequence[Recording] = ()
    all_effects: Sequence[Sequence[Effect]] = ()
    downgrade: Recording | None = None
    unused: tuple[str, ...] = ()
    expired: Mapping[str, str] = field(default_factory=dict)
    reasonless: tuple[str, ...] = ()
    before: State | None = None
    undone: State | None = None

    def for_rule(self, rule: Rule) -> Surroundings:
        """Return the same for another rule. Each operation is shown to dozens of rules, so that this has to be fast."""
        other = object.__new__(Surroundings)
        vars(other).update(vars(self), rule=rule)
        return other

    @property
    def earlier(self) -> Sequence[RecordedOp]:
        """The operations of the revision before this one."""
        return self.recording.operations[: self.index]

    @property
    def following(self) -> Sequence[RecordedOp]:
        """The operations of the revision after this one."""
        return self.recording.operations[self.index + 1 :]

    def same_transaction(self, step: RecordedOp) -> Iterator[RecordedOp]:
        """Yield the earlier operations that run in the transaction of `step`."""
        return (other for other in self.earlier if other.transaction == step.transaction)

    def table(self, step: RecordedOp) -> TableState | None:
        """Return the state of the table that an operation changes."""
        return self.state.table(step.table)

    def column(self, step: RecordedOp, name: str) -> ColumnState | None:
        """Return the state of a column of the table that an operation changes."""
        return self.state.column(step.table, name)

    def is_new(self, table: str | None) -> bool:
        """True if this revision created the table and has put no rows into it."""
        known = self.state.table(table)
        return known is not None and known.created_in == self.recording.revision and not known.filled

    def effect_on(self, table: str | None) -> Effect | None:
        """Return what the operation does to a table."""
        return next((effect for effect in self.effects if effect.table == table), None)

    def line_of(self, text: str) -> int | None:
        """Return the first line of the revision file that holds a text as a string."""
        lines = self.recording.source.splitlines()
        return next(
            (n for n, line in enumerate(lines, 1) if f'"{text}"' in line or f"'{text}'" in line), None
        )

    def size(self, table: str | None) -> str:
        """Return ` (12,345 rows)` where the live database is known, else an empty string."""
        known = self.facts.tables.get(table) if self.facts and table else None
        return f" ({known.rows:,} rows)" if known else ""

    def _in_its_block(self, step: RecordedOp | None, fix: Fix | None) -> Fix | None:
        """Return a fix that stays in a batch block, if the operation stands in one: SQLite cannot do it elsewhere."""
        if fix is None or step is None or step.batch is None or self.server.engine != "sqlite":
            return fix
        return replace(
            fix, steps=tuple(part if part.autocommit else replace(part, batch=True) for part in fix.steps)
        )

    def stands_alone(self, step: RecordedOp) -> bool:
        """False if its line of the file does more than this one operation, as in a loop: a fix would undo the rest.

        So would it undo the condition that a `DO` block runs the operation under.
        """
        if "conditional" in step.clauses:
            return False
        return not any(other.line == step.line and other is not step for other in self.recording.operations)

    def finding(
        self,
        step: RecordedOp | None,
        message: str,
        instead: str | None = None,
        *,
        code: str | None = None,
        table: str | None = None,
        column: str | None = None,
        severity: Severity | None = None,
        fix: Fix | None = None,
        effect: Effect | None = None,
        line: int | None = None,
    ) -> Finding:
        """Make the finding of this rule at a step.

        :param message: the consequence, as full sentences.
        :param instead: a sentence that says what to do instead.
        :param code: code to paste below it; taken from the fix where there is one.
        :param fix: left out where the line does more than this operation, as a loop does.
        :param effect: whose lock is reported; the operation's effect on its own table if not given.
        :param line: where it stands, if there is no step.
        """
        table = table or (step.table if step else None)
        effect = effect or self.effect_on(table)
        fix = self._in_its_block(step, fix)
        code = code or (self.render(fix.steps) if fix and fix.steps else None)
        return Finding(
            rule=self.rule.id_for(self.server),
            severity=self.rule.severity if severity is None else severity,
            message=message,
            instead=_with_code(instead, code),
            revision=self.recording.revision,
            path=str(self.recording.path) if self.recording.path else None,
            line=step.line if step else line,
            table=table,
            column=column,
            fix=fix if step and self.stands_alone(step) else None,
            server=str(self.server),
            **_effect_fields(effect),
        )


def _with_code(sentence: str | None, code: str | None) -> str | None:
    if code is None:
        return sentence
    indented = "\n".join(f"    {line}" if line else "" for line in code.rstrip().splitlines())
    return f"{sentence or 'Write:'}\n\n{indented}"


def _effect_fields(effect: Effect | None) -> dict[str, Any]:
    if effect is None:
        return {}
    return {
        "lock": effect.lock,
        "blocks": str(effect.blocks),
        "rewrites": effect.rewrites,
        "scans": effect.scans or effect.builds_index,
    }
