"""The gates for a command that Alembic or Flask-Migrate itself has started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .downgrade_gate import Consent, DowngradeGate
from .gate import Gate
from .running import plan_of

if TYPE_CHECKING:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext

    from ..core.recorded import Direction
    from ..runner.watch import Admission
    from .target import Target


def admission(target: Target, environment: EnvironmentContext) -> Admission | None:
    """Return what its revisions have to pass before they run; `None` if it runs none.

    :param environment: the one that Alembic made.
    """
    plan = plan_of(environment)
    if plan is None:
        return None
    revision = environment.context_opts.get("destination_rev")
    remedy = f"type `{target.group} downgrade {revision} --allow-data-loss`"
    gates = (Gate(target), DowngradeGate(target, plan, Consent(remedy=remedy)))

    def admit(context: MigrationContext, ids: tuple[str, ...], direction: Direction) -> None:
        for gate in gates:
            gate(context, ids, direction)

    return admit
