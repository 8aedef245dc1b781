"""Verifies a stamp that was not started as `flask db stamp`, but by `alembic` or by `flask_migrate.stamp()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.util import CommandError

from ..core.errors import SchemaError

if TYPE_CHECKING:
    from .target import Target
    from .verifying import Verification


def stamp_of_alembic(target: Target, environment: Any) -> Verification | None:
    """Return the verification of a stamp that Alembic itself has started; `None` if it has started something else.

    :param environment: the one that Alembic made. The stamp will be verified under its lock; `prepare` comes before.
        Called before anybody else puts something around what Alembic runs.
    """
    options = environment.context_opts
    stamp = options.get("fn")
    if getattr(stamp, "__name__", "") != "do_stamp" or options.get("as_sql"):
        return None
    # Only a stamp loads what compares schemas.
    from .verifying import Verification

    wanted = tuple(options["destination_rev"])
    verification = Verification(target, environment.script, wanted, purge=bool(options.get("purge")))

    def checked(heads: Any, context: Any) -> Any:
        if context is not None:  # without one, somebody asks for the steps and runs none
            verification.check(context)
        return stamp(heads, context)

    options["fn"] = checked
    return verification


def prepared(verification: Verification | None, environment: Any) -> None:
    """Compare before what an `env.py` of somebody else's runs, which is running now.

    :param verification: nothing happens without one.
    """
    if verification is None:
        return
    run = environment.run_migrations

    def run_migrations(**names: Any) -> None:
        try:
            verification.prepare_once()
        except SchemaError as error:
            raise CommandError(str(error)) from error
        run(**names)

    environment.run_migrations = run_migrations
