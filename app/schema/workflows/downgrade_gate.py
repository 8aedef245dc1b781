"""The gate on the way down: what would be deleted is said first, and refused, asked about or warned of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..core.errors import SchemaError
from ..core.loss import together
from ..core.wording import counted, listed
from ..dialects.bounded_reads import begin_reading
from ..runner.version import revisions_of_database
from .running import revisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from ..core.loss import Loss, WayDown
    from ..core.recorded import Direction
    from .target import Target

_TOKEN = "_downgrades"  # noqa: S105  (a name of Alembic's, no secret)


class WouldLoseData(SchemaError):
    """Going back deletes something, and the environment is protected.

    :param ways: what would be taken back in each database.
    """

    def __init__(self, ways: Sequence[WayDown], remedy: str) -> None:
        self.ways = ways
        losses = [loss for way in ways for loss in way.losses]
        unclear = (
            listed(dict.fromkeys(name for way in ways for name in way.unclear)) if _unclear(ways) else ""
        )
        found = f"Taking back {_revisions(ways)} {together(losses)}" if losses else ""
        if unclear:
            told = f"nobody can tell what downgrade() of {unclear} deletes"
            found = f"{found}, and {told}" if found else told[0].upper() + told[1:]
        super().__init__(
            f"{found}; SCHEMA_PROTECTED is true; nothing was changed.",
            expected="A protected database loses nothing unless somebody says so.",
            hint=f"To go back all the same, {remedy}.",
        )


class Declined(SchemaError):
    """Somebody was asked whether to go back, and said no."""

    def __init__(self) -> None:
        super().__init__("Nothing was taken back.")


@dataclass(frozen=True)
class Consent:
    """Who says yes to what is lost.

    :param allow_data_loss: whether anything may be deleted, in a protected environment too.
    :param yes: whether the question is answered already.
    :param ask: is given the question and returns the answer; `None` if there is nobody to ask.
    :param show: is given what is about to be taken back.
    :param remedy: what lets it happen in a protected environment, to follow "To go back all the same, ".
    """

    allow_data_loss: bool = False
    yes: bool = False
    ask: Callable[[str], bool] | None = None
    show: Callable[[Sequence[WayDown]], None] | None = None
    remedy: str = "call `downgrade(…, allow_data_loss=True)`"

    @property
    def note(self) -> str | None:
        """What the ledger keeps of it."""
        return "data loss was allowed" if self.allow_data_loss else None


@dataclass
class DowngradeGate:
    """Looks at what is about to be taken back, in all databases before the first of them is changed.

    :param plan: from the revisions that a database stands at to the steps there.
    """

    target: Target
    plan: Callable[[Any], Iterable[Any]]
    consent: Consent = field(default_factory=Consent)
    _agreed: dict[str | None, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, context: MigrationContext, ids: tuple[str, ...], direction: Direction) -> None:
        """Say what is lost, and go on only if somebody agrees.

        :raises WouldLoseData: in a protected environment.
        :raises Declined: if the answer was no.
        """
        bind = _bind(context)
        if direction != "downgrade" or self._agreed.get(bind) == ids:
            return
        _settle(context)
        ways = [self._here(context, ids, bind)]
        if bind is not None and not self._agreed:
            ways += self._elsewhere(context, bind)
        _settle(context, reading=False)
        self._agreed[bind] = ids
        _decide(self.target, self.consent, ways)

    def _here(self, context: MigrationContext, ids: tuple[str, ...], bind: str | None) -> WayDown:
        connection = context.connection
        if connection is None:
            raise SchemaError("There is no connection to the database that is taken back.")
        return self._way(connection, ids, context.get_current_heads(), bind)

    def _elsewhere(self, context: MigrationContext, here: str) -> Iterable[WayDown]:
        """Look into the other databases, whose turn comes later. What changes until then is asked again."""
        for bind in self.target.binds:
            if bind.name == here:
                continue
            with bind.engine.connect() as connection:
                table = (context.version_table, context.version_table_schema)
                heads = revisions_of_database(connection, *table)
                steps = list(self.plan(heads))
                ids = tuple(it for step in steps for it in step.info.up_revision_ids)
                if ids:
                    connection.rollback()
                    begin_reading(connection)
                    yield self._way(connection, ids, heads, bind.name)
                    self._agreed[bind.name] = ids

    def _way(
        self,
        connection: Connection,
        ids: Sequence[str],
        heads: Sequence[str],
        bind: str | None,
    ) -> WayDown:
        # A database that stands there already must not wait for the recorder to be loaded.
        from .way_down import way_down

        return way_down(self.target, revisions(self.target), connection, ids, standing=heads, bind=bind)


def _bind(context: MigrationContext) -> str | None:
    """The bind whose functions a context runs, "" for the default one; `None` where there are no such functions."""
    token = str(context.opts.get("downgrade_token", ""))
    return token.removesuffix(_TOKEN) if token.endswith(_TOKEN) else None


def _settle(context: MigrationContext, *, reading: bool = True) -> None:
    """End the transaction in which the version was read: nothing is open while somebody thinks about an answer.

    One that the caller or `env.py` has opened stays open. What a `SET` before it may have told the session is kept.

    :param reading: whether counting follows.
    """
    connection = context.connection
    if connection is None or context._in_external_transaction or context._transaction is not None:
        return
    if connection.in_transaction():
        connection.commit()
    if reading:
        begin_reading(connection)


def _decide(target: Target, consent: Consent, ways: Sequence[WayDown]) -> None:
    if consent.show is not None:
        consent.show(ways)
    losses: list[Loss] = [loss for way in ways for loss in way.losses]
    if consent.allow_data_loss:
        return
    if target.settings.protected and (losses or _unclear(ways)):
        raise WouldLoseData(ways, consent.remedy)
    if not losses or consent.yes:
        return
    if consent.ask is None:
        target.tell(f"Warning: taking back {_revisions(ways)} {together(losses)}.")
    elif not consent.ask(f"Take back {_revisions(ways)}? This {together(losses)}"):
        raise Declined


def _unclear(ways: Sequence[WayDown]) -> bool:
    return any(way.unclear for way in ways)


def _revisions(ways: Sequence[WayDown]) -> str:
    return counted(len({revision.id for way in ways for revision in way.effective}), "revision")
