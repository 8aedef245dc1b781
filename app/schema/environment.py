"""What `migrations/env.py` does: connect, configure Alembic, run.

`env.py` is written once, at `flask db init`, and then belongs to the project; what is written here reaches every
project with the next release. It is called through `current_app.extensions["migrate"].migrate.run_environment`.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from alembic.util import to_tuple
from sqlalchemy import Engine

from . import dialects
from .autogenerate.filters import include_name
from .autogenerate.render import render_item
from .workflows.target import WATCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from .workflows.target import Bind, Target

log = logging.getLogger("alembic.env")


def run(context: Any, target: Target, *, multidb: bool = False) -> None:
    """Run the command that Alembic was started with.

    :param context: the `alembic.context` that `env.py` sees.
    :param target: the folder and its databases.
    :param multidb: whether the revisions have one pair of functions for each bind.
    """
    run_bind = _offline if context.is_offline_mode() else _online
    if not multidb:
        run_bind(context, target, target.bind, {})
        return
    for bind in target.binds:
        log.info("Migrating database %s", bind.name or "<default>")
        _allow_missing(context, bind.name)
        tokens = {"upgrade_token": f"{bind.name}_upgrades", "downgrade_token": f"{bind.name}_downgrades"}
        run_bind(context, target, bind, tokens, engine_name=bind.name)


def _online(context: Any, target: Target, bind: Bind, tokens: dict[str, str], **names: str) -> None:
    arguments = _arguments(context, target, len(target.binds) if names else 1)
    context.config.attributes[WATCH].bind = bind.name
    with _connection(context, bind) as connection:
        dialect = dialects.for_name(connection.dialect.name)
        outside = connection.in_transaction()
        with dialect.prepared(connection):
            context.configure(
                connection=connection,
                target_metadata=bind.metadata,
                **{**dialect.configure_args, **arguments, **tokens},
            )
            with context.begin_transaction():
                context.run_migrations(**names)
            # With one transaction for each revision, what Alembic writes outside of a revision (an empty version
            # table, `stamp --purge`) is in no transaction of its own.
            if connection.in_transaction() and not outside:
                connection.commit()


def _offline(context: Any, target: Target, bind: Bind, tokens: dict[str, str], **names: str) -> None:
    arguments = _arguments(context, target, len(target.binds) if names else 1)
    dialect = dialects.for_name(bind.engine.dialect.name)
    with ExitStack() as stack:
        output = {}
        if names:
            name = f"{bind.name}.sql"
            log.info("Writing output to %s", name)
            output["output_buffer"] = stack.enter_context(open(name, "w"))  # noqa: PTH123  # in the current folder
        context.configure(
            url=bind.engine.url,
            target_metadata=bind.metadata,
            **{"literal_binds": True, **dialect.configure_args, **arguments, **tokens, **output},
        )
        with context.begin_transaction():
            context.run_migrations(**names)


@contextmanager
def _connection(context: Any, bind: Bind) -> Iterator[Connection]:
    """The connection that the caller gave in `config.attributes`, or one of our own."""
    given = None if bind.name else context.config.attributes.get("connection")
    if given is None or isinstance(given, Engine):
        with (given or bind.engine).connect() as connection:
            # The application may have said something on it already, such as `SET`, from an event of the engine.
            connection.commit()
            yield connection
    else:
        yield given


def _arguments(context: Any, target: Target, binds: int) -> dict[str, Any]:
    """The arguments of `context.configure`: ours, overruled by the user's own."""
    ours = {"transaction_per_migration": True, "render_item": render_item}
    arguments: dict[str, Any] = {**ours, **target.configure_args}
    arguments["include_name"] = include_name(arguments)
    callbacks = to_tuple(arguments.get("on_version_apply"), default=())
    arguments["on_version_apply"] = (*callbacks, context.config.attributes[WATCH].note)
    if arguments.get("process_revision_directives") is None:
        arguments["process_revision_directives"] = partial(_no_empty_revision, context.config.cmd_opts, binds)
    return arguments


def _no_empty_revision(options: Any, binds: int, _context: Any, _heads: Any, directives: list[Any]) -> None:
    """Write no file if the models and all databases say the same. Alembic asks after each database."""
    operations = directives[0].upgrade_ops_list if getattr(options, "autogenerate", False) else ()
    if len(operations) == binds and all(ops.is_empty() for ops in operations):
        directives[:] = []
        log.info("No changes in schema detected.")


def _allow_missing(context: Any, name: str) -> None:
    """Let revisions that are older than a bind do nothing there, also where their template would look it up."""
    for script in context.script.walk_revisions():
        vars(script.module).setdefault(f"upgrade_{name}", _nothing)
        vars(script.module).setdefault(f"downgrade_{name}", _nothing)


def _nothing() -> None:
    """Stand for the changes of a revision in a bind that it does not know."""
