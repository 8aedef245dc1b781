"""The check that a stamp tells the truth: the live schema is what the history up to the stamped revision builds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext

from ..core.errors import Busy, SchemaError
from ..core.wording import counted, listed
from ..dialects.scratch import NoScratchDatabase
from ..runner.watch import heads_after
from .expected import Comparer, Expected, expected
from .replaying import NotFromEmpty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..core.schema_difference import Comparison
    from ..scripts.writing import RevisionFolder
    from .replaying import Key, Served
    from .target import Target

    Show = Callable[[Comparison], None]

_MOST_LINES = 5


class NotAsBuilt(SchemaError):
    """The live schema is not what the history builds.

    :ivar comparison: how they differ.
    """

    def __init__(
        self, comparison: Comparison, where: str, heads: Sequence[str], group: str, *, shown: bool
    ) -> None:
        self.comparison = comparison
        wanted = f"revision {listed(heads)}"
        number = counted(len(comparison.differences), "difference")
        super().__init__(
            f"{where[0].upper()}{where[1:]} is not what the history builds up to {wanted}: {number}"
            f"{'' if shown else _few(comparison)}. Nothing was changed.",
            expected="A stamp says that a schema is there already; the next upgrade relies on it.",
            hint=f"Type `{group} adopt` to see which revision fits, change the schema first, or type "
            f"`{group} stamp --force {' '.join(heads)}` to say so all the same.",
        )


def _few(comparison: Comparison) -> str:
    lines = [f"{each.table}: {each.line}" if each.table else each.line for each in comparison.differences]
    more = [f"{len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    return f" ({'; '.join([*lines[:_MOST_LINES], *more])})"


@dataclass(frozen=True)
class Known:
    """What was found out before the stamp.

    :param built: what the stamped revisions build, for each database.
    :param before: what the version tables said.
    :param differences: how many there were.
    """

    built: Mapping[Key, Expected]
    before: Mapping[Key, tuple[str, ...]]
    differences: int


@dataclass
class Verification:
    """Verifies one stamp, in all databases that it touches.

    :param destinations: what is to be stamped.
    :param purge: whether the version table is emptied first, so that what it says does not count.
    :param force: whether a difference is only shown.
    :param show: is given what was found where that is worth a word; without it an error names some differences.
    """

    target: Target
    folder: RevisionFolder
    destinations: tuple[str, ...]
    purge: bool = False
    force: bool = False
    show: Show | None = None
    notes: list[str] = field(default_factory=list)
    _expected: dict[Key, Expected] = field(default_factory=dict)
    _before: dict[Key, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._compare = Comparer(self.target)

    def prepare(self, tag: str | None = None) -> None:
        """Replay the history, and compare what it builds with the live databases. Changes nothing, takes no lock.

        :raises NotAsBuilt: a live schema differs.
        :raises SchemaError: if there is nothing to compare with.
        """
        try:
            self._expected = expected(self.target, self._heads, seen=self._look, tag=tag)
        except (NotFromEmpty, NoScratchDatabase) as error:
            if not self.force:
                raise _unverified(error, self.destinations, self.target.group) from error
            self.notes.append("forced: not verified")
            self.target.tell(f"The schema was not verified. {error.found}")

    def trust(self, known: Known) -> None:
        """Compare with what was built already."""
        self._expected, self._before = dict(known.built), dict(known.before)
        self._note(known.differences)

    def prepare_once(self) -> None:
        """Prepare, unless that was done: one `env.py` may run several databases."""
        if not self._before:
            self.prepare()

    def _heads(self, served: Served) -> Sequence[str]:
        """Where the stamp will bring a database; nowhere if it is there, or if that is the base: nothing is claimed."""
        context = MigrationContext.configure(served.live, opts=_options(served.version_table))
        before = () if self.purge else tuple(context.get_current_heads())
        self._before[served.key] = before
        steps = self.folder._stamp_revs(self.destinations, before)
        return sorted(heads_after(context, before, steps)) if steps else ()

    def _look(self, found: Expected) -> None:
        """Compare once before anything is touched, so that a refusal leaves no trace."""
        comparison = self._compare(found.snapshot, found.served.live, found.served.version_table)
        if self.show is not None and (comparison.differences or comparison.strangers):
            self.show(comparison)
        self._note(len(comparison.differences))
        self._require_same(comparison, found)

    def _note(self, differences: int) -> None:
        if differences and self.force:
            self.notes.append(f"forced: {counted(differences, 'difference')}")

    def check(self, context: MigrationContext) -> None:
        """Compare once more, where the stamp is about to happen, under its lock.

        :raises NotAsBuilt: the live schema differs.
        :raises Busy: somebody moved the version meanwhile.
        """
        connection: Any = context.connection
        key = (connection.engine.url, (context.version_table, context.version_table_schema))
        found = self._expected.get(key)
        if found is None or self.force:
            return
        if not self.purge and set(context.get_current_heads()) != set(self._before[key]):
            raise Busy(
                "Somebody moved the version of the database while its schema was compared. Nothing was stamped.",
                hint="Type the command again.",
            )
        self._require_same(self._compare(found.snapshot, connection, found.served.version_table), found)

    def _require_same(self, comparison: Comparison, found: Expected) -> None:
        if comparison.differences and not self.force:
            bind = found.served.bind
            where = f"the schema of the bind '{bind}'" if bind else "the schema"
            shown = self.show is not None
            raise NotAsBuilt(comparison, where, found.served.heads, self.target.group, shown=shown)


def _options(version_table: tuple[str, str | None]) -> dict[str, Any]:
    name, schema = version_table
    return {"version_table": name, "version_table_schema": schema}


def _unverified(error: SchemaError, destinations: Sequence[str], group: str) -> SchemaError:
    """Say that nothing was stamped because nothing could be compared."""
    force = f"`{group} stamp --force {' '.join(destinations)}`"
    hint = (
        f"{error.hint} {force} stamps without a comparison."
        if error.hint
        else f"Type {force} to stamp without one."
    )
    return type(error)(
        f"The schema could not be compared with what the history builds, so that nothing was stamped. {error.found}",
        expected=error.expected,
        hint=hint,
    )
