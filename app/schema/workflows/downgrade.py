"""Bring the databases down to a revision."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..core.errors import SchemaError, UsageProblem
from ..core.wording import shown
from .downgrade_gate import Consent, DowngradeGate
from .running import guarded, revisions, running
from .upgrade import ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .target import Target


def downgrade(
    target: Target,
    revision: str = "-1",
    *,
    sql: bool = False,
    tag: str | None = None,
    consent: Consent | None = None,
) -> tuple[str, ...]:
    """Take the revisions above a target revision back.

    :param revision: where to go: an id, its beginning, "base", "-1"; with `sql` "from:to", where "-1" alone means
        the step below the head.
    :param sql: write SQL to the standard output instead of running it.
    :param tag: a word for `env.py`.
    :param consent: who says yes if something is deleted; nobody by default.
    :return: the ids of the revisions that were taken back, in order; empty with `sql`.
    :raises WouldLoseData: if `SCHEMA_PROTECTED` is true and something may be deleted.
    :raises Declined: if somebody was asked and said no.
    """
    with running(target):
        folder = revisions(target)
        start, destination = ends("head:-1" if sql and revision == "-1" else revision, sql=sql)
        if sql and start is None:
            raise UsageProblem(
                f"`downgrade --sql {revision}` does not say where to start.",
                expected="Without a database both ends of the way are needed.",
                hint=f"Type `flask db downgrade --sql head:{revision}`.",
            )

        def steps(heads: Any) -> Any:
            with _functions_there():
                return folder._downgrade_revs(destination, heads)

        agreed = consent or Consent()
        return guarded(
            target,
            folder,
            steps,
            admit=DowngradeGate(target, steps, agreed),
            note=agreed.note,
            as_sql=sql,
            starting_rev=start,
            destination_rev=destination,
            tag=tag,
        ).applied()


@contextmanager
def _functions_there() -> Iterator[None]:
    """Name the file without `downgrade()`; Alembic takes the functions before the first of them runs.

    :raises SchemaError: nothing has been taken back.
    """
    try:
        yield
    except AttributeError as error:
        if error.name != "downgrade":
            raise
        raise SchemaError(
            f"{shown(vars(error.obj)['__file__'])} has no function downgrade(); nothing was taken back.",
            hint='Write one; where there is no way back, let it `raise NotImplementedError("why")`.',
        ) from error
