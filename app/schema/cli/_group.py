"""The command group: finds the commands, and prints what goes wrong."""

from __future__ import annotations

import pkgutil
import re
import sys
import traceback as tracebacks
from copy import copy
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import click
from flask import g
from flask.cli import AppGroup, with_appcontext

from ..core.errors import SchemaError
from ..workflows.explain import explain
from ._options import directory_option, x_arg_option
from ._screen import Screen

if TYPE_CHECKING:
    from typing import TextIO

    from ..workflows.target import Target

_TARGET_MAKER = "schema.target_maker"
_TRACEBACK = "schema.traceback"
_STEPPING = ("upgrade", "downgrade")
_STEPS = re.compile(r"-\d+")
# What other tools (Django, Rails, Knex, Flyway, Prisma) call a command.
_ELSEWHERE = {
    "apply": "upgrade",
    "deploy": "upgrade",
    "up": "upgrade",
    "update": "upgrade",
    "down": "downgrade",
    "revert": "downgrade",
    "rollback": "downgrade",
    "undo": "downgrade",
    "autogenerate": "migrate",
    "generate": "migrate",
    "makemigrations": "migrate",
    "showmigrations": "history",
    "info": "current",
    "status": "current",
    "version": "current",
    "dry-run": "plan",
    "preview": "plan",
    "sqlmigrate": "plan",
}


class TargetMaker(Protocol):
    """Makes what a command works on; `Migrate.target`."""

    def __call__(
        self, directory: Any, x_arg: Any, opts: tuple[str, ...], *, output: TextIO | None, console: bool
    ) -> Target: ...


class Failure(click.ClickException):
    """A `SchemaError` as click shows it: one paragraph on stderr, and the exit code of its type."""

    def __init__(self, error: SchemaError) -> None:
        parts = (error.found, error.expected, *getattr(error, "__notes__", ()), error.hint)
        super().__init__(" ".join(part for part in parts if part))
        self.exit_code = error.exit_code  # type: ignore[misc]  # click means it to be overridden


class SchemaGroup(AppGroup):
    """A group whose commands are the files of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        return sorted({*super().list_commands(ctx), *_discovered()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of this group; what is done to it is not seen by other groups."""
        if cmd_name not in self.commands and cmd_name in _discovered():
            module = import_module(f"{__package__}.{_discovered()[cmd_name]}")
            command = copy(module.command)
            command.params = [*command.params, _traceback_option()]
            self.add_command(command, cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that does not exist, say which was probably meant."""
        try:
            name, command, rest = super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            # Click looks among the commands that were loaded already.
            typed, known = error.command_name, self.list_commands(ctx)
            meant = _ELSEWHERE.get(typed)
            message = f"No such command '{typed}'. It is called '{meant}' here." if meant else None
            raise click.exceptions.NoSuchCommand(
                typed, message, possibilities=() if meant else known, ctx=ctx
            ) from None
        return name, command, _with_steps(rest) if name in _STEPPING else rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and show a failure as one paragraph."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, a person reads it
            if ctx.meta.get(_TRACEBACK):
                tracebacks.print_exception(error)
            raise Failure(explain(error, None)) from None


def _with_steps(args: list[str]) -> list[str]:
    """Let "-1" be a revision, as in `alembic downgrade -1`, rather than an option that does not exist."""
    steps = [arg for arg in args if _STEPS.fullmatch(arg)]
    if not steps or "--" in args:
        return args
    return [*(arg for arg in args if arg not in steps), "--", *steps]


def _discovered() -> dict[str, str]:
    """The commands and the modules that hold them."""
    package = sys.modules[__package__ or ""]
    modules = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return {name.replace("_", "-"): name for name in modules if not name.startswith("_")}


def command_group(name: str, make_target: TargetMaker) -> SchemaGroup:
    """Make the command group of one application.

    :param name: name of the group, "db" as a rule.
    :param make_target: `Migrate.target` of the object that owns the group.
    """

    @directory_option
    @x_arg_option
    @with_appcontext
    def callback(directory: str | None, x_arg: tuple[str, ...]) -> None:
        """Perform database migrations."""
        g.directory = directory
        g.x_arg = x_arg
        click.get_current_context().meta[_TARGET_MAKER] = make_target

    group = click.command(name, cls=SchemaGroup)(callback)
    group.params.append(_traceback_option())
    return group


def _traceback_option() -> click.Option:
    """The option `--traceback`, which the group and each command take: one types it where one comes to think of it."""

    def remember(context: click.Context, _option: click.Parameter, value: object) -> None:
        context.meta[_TRACEBACK] = context.meta.get(_TRACEBACK) or value

    return click.Option(
        ["--traceback"],
        is_flag=True,
        expose_value=False,
        callback=remember,
        help="Show where in the code a failure happened",
    )


def target(directory: str | None, x_arg: tuple[str, ...] = (), opts: tuple[str, ...] = ()) -> Target:
    """Return what the current command works on.

    :param directory: the command's own `--directory`; without it that of the group counts.
    :param x_arg: the command's own `-x`, on top of those of the group.
    :param opts: options that Alembic shall see as given.
    """
    context = click.get_current_context()
    make: TargetMaker = context.meta[_TARGET_MAKER]
    made = make(directory or g.directory, x_arg, opts, output=sys.stdout, console=True)
    group = context.parent.info_name if context.parent else "db"
    screen = Screen()
    return replace(
        made,
        group=f"flask {group}",
        command=context.info_name or "",
        tell=screen.tell,
        progress=screen.progress,
    )
