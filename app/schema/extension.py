"""`Migrate`: what Flask sees of the schema engine."""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import alembic.context
import click
import flask_migrate  # type: ignore[import-untyped]  # it has no types
from flask import current_app, g

from . import environment
from .cli import command_group
from .core.errors import UsageProblem
from .core.settings import Settings
from .workflows import old_env
from .workflows.direct import Direct
from .workflows.elsewhere import admission
from .workflows.locate import locate
from .workflows.running import one_runner, refuse_second_thread, started_elsewhere
from .workflows.stamp_elsewhere import stamp_of_alembic
from .workflows.target import TARGET, WATCH, Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from flask import Flask

TEMPLATES = Path(__file__).parent / "templates"

# Without a word in alembic.ini: names of new revisions begin with the moment in UTC, so that a listing of the folder
# is in the order of time wherever they were made.
DEFAULT_OPTIONS = {
    "file_template": "%%(year)d%%(month).2d%%(day).2d%%(hour).2d%%(minute).2d%%(second).2d_%%(rev)s_%%(slug)s",
    "timezone": "UTC",
}


class Config(flask_migrate.Config):  # type: ignore[misc]  # Flask-Migrate has no types
    """An Alembic configuration that finds the templates of this package."""

    def get_template_directory(self) -> str:
        """Return the folder of the templates that `init` copies."""
        return str(self.template_directory or TEMPLATES)


class Registration(flask_migrate._MigrateConfig):  # type: ignore[misc]  # Flask-Migrate has no types
    """What one `Migrate` knows about one application."""

    def __init__(self, migrate: Migrate, db: Any, directory: str, arguments: dict[str, Any]) -> None:
        super().__init__(migrate, db, **arguments)
        self.directory = directory


class Registrations:
    """`app.extensions["migrate"]`: in shape one registration, in fact all of the application, by command name.

    While `env.py` runs it shows the one whose command runs, else the one that was made last.
    """

    def __init__(self) -> None:
        self.by_command: dict[str, Registration] = {}

    @property
    def current(self) -> Registration:
        """The registration whose command runs, or the last one."""
        target = active()
        known = list(self.by_command.values())
        return next((r for r in known if target is not None and r is target.owner), known[-1])

    @property
    def migrate(self) -> Migrate:
        """The `Migrate` object."""
        found: Migrate = self.current.migrate
        return found

    @property
    def db(self) -> Any:
        """The `SQLAlchemy` object."""
        return self.current.db

    @property
    def directory(self) -> str:
        """The migrations folder as it was configured."""
        return self.current.directory

    @property
    def metadata(self) -> Any:
        """The tables of the default bind."""
        return self.current.metadata

    @property
    def configure_args(self) -> dict[str, Any]:
        """The arguments of `context.configure`; while `env.py` runs, its own copy of them."""
        target = active()
        kept: dict[str, Any] = self.current.configure_args
        return kept if target is None else old_env.arguments(target)


def active() -> Target | None:
    """The target of the command that Alembic runs right now."""
    config = getattr(alembic.context, "config", None)
    target: Target | None = config.attributes.get(TARGET) if config is not None else None
    return target


class Migrate(flask_migrate.Migrate):  # type: ignore[misc]  # Flask-Migrate has no types
    """Drop-in replacement of `flask_migrate.Migrate`: same arguments, same commands, same files."""

    def init_app(
        self,
        app: Flask,
        db: Any = None,
        directory: Any = None,
        command: str | None = None,
        compare_type: Any = None,
        render_as_batch: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Attach to an application, and give it a command group of its own.

        :param app: the application.
        :param db: the `SQLAlchemy` object.
        :param directory: the migrations folder; a relative one is looked for, see `locate`.
        :param command: the name of the command group, "db" if nothing was said.
        :param kwargs: arguments of Alembic's `context.configure`, as are `compare_type` and `render_as_batch`.
        """
        before = app.extensions.get("migrate")
        super().init_app(app, db, directory, command, compare_type, render_as_batch, **kwargs)
        slot = before if isinstance(before, Registrations) else Registrations()
        slot.by_command.pop(self.command, None)
        slot.by_command[self.command] = Registration(
            self, self.db, self.directory, dict(self.alembic_ctx_kwargs)
        )
        app.extensions["migrate"] = slot
        app.cli.add_command(command_group(self.command, self.target), name=self.command)

    def get_config(
        self, directory: Any = None, x_arg: Any = None, opts: Iterable[str] | None = None
    ) -> flask_migrate.Config:
        """Return an Alembic configuration for the current application.

        :param directory: the migrations folder, if another than the configured one.
        :param x_arg: one or several `-x` arguments, on top of those of the command group.
        :param opts: names of options that Alembic shall see as given, such as "autogenerate".
        :raises alembic.util.CommandError: if another thread of this process is running a schema command.
        """
        refuse_second_thread()
        return self.target(directory, x_arg, opts or ()).config

    def target(
        self,
        directory: Any = None,
        x_arg: Any = None,
        opts: Iterable[str] = (),
        *,
        output: TextIO | None = None,
        console: bool = False,
    ) -> Target:
        """Return what a schema command works on, for the current application.

        :param output: where the command's output goes; nowhere, if `None`.
        :param console: whether a person watches, so that `alembic.ini` decides what is logged.
        """
        registration = self._registration()
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy, for mypy an app
        roots = (app.root_path, Path(app.root_path).parent, Path(app.instance_path).parent)
        wanted = str(directory or registration.directory)
        found, tried = locate(wanted, roots)
        config = Config(os.path.join(found, "alembic.ini"), stdout=output or StringIO())  # noqa: PTH118  # as typed
        config.cmd_opts = Namespace(x=_x_arguments(x_arg), quiet=output is None, **dict.fromkeys(opts, True))
        _set_defaults(config, found)
        config = self._called_back(config)
        settings = Settings.from_config(app.config)
        options = app.config.get("SQLALCHEMY_ENGINE_OPTIONS") or {}
        target = Target(
            config=config,
            wanted=wanted,
            directory=found,
            tried=tried,
            db=registration.db,
            configure_args=registration.configure_args,
            owner=registration,
            bind_names=_bind_names(app, registration.db),
            console=console,
            settings=settings,
            direct=Direct(settings.direct_url, options.get("connect_args") or {}),
        )
        config.attributes[TARGET] = target
        return target

    def run_environment(self, context: Any, *, multidb: bool = False) -> None:
        """Do the work of `env.py`.

        :param context: the module `alembic.context`, as `env.py` imports it.
        :param multidb: whether the revisions have one pair of functions for each bind.
        :raises alembic.util.CommandError: if the command was not started by this package (by `alembic`, by
            `flask_migrate.upgrade()`) and its effect was not kept.
        """
        attributes = context.config.attributes
        if WATCH in attributes:
            environment.run(context, attributes[TARGET], multidb=multidb)
        else:
            self._run_for_others(context, multidb=multidb)

    def _run_for_others(self, context: Any, *, multidb: bool) -> None:
        """Run `env.py` for a command of Alembic itself, with the same guard."""
        config = context.config
        if TARGET not in config.attributes:  # the `alembic` program, which made its own configuration
            _set_defaults(config, str(config.get_alembic_option("script_location")))
            own = self.target(console=True)
            config.attributes[TARGET] = replace(own, config=config, tell=partial(click.echo, err=True))
        target = config.attributes[TARGET]
        with (
            started_elsewhere(
                target, read_back=not context.is_offline_mode(), admit=admission(target, context._proxy)
            ),
            one_runner(target, context._proxy),
        ):
            verification = stamp_of_alembic(target, context._proxy)
            if verification is not None:
                verification.prepare()
            options = context._proxy.context_opts
            options["fn"] = config.attributes[WATCH].at_the_gate(options["fn"])
            environment.run(context, target, multidb=multidb)

    def _registration(self) -> Registration:
        known = current_app.extensions.get("migrate")
        own = list(known.by_command.values()) if isinstance(known, Registrations) else []
        for registration in reversed(own):
            if registration.migrate is self:
                return registration
        raise UsageProblem(
            f"This `Migrate` was never attached to the application '{current_app.name}'.",
            hint="Write `migrate.init_app(app, db)` in the function that makes the application.",
        )

    def _called_back(self, config: Any) -> Any:
        for callback in self.configure_callbacks:
            config = callback(config)
            if config is None:
                raise UsageProblem(
                    f"The function '{callback.__qualname__}', registered with `Migrate.configure`, returned nothing.",
                    expected="It must return the configuration that it was given.",
                )
        return config


def _x_arguments(x_arg: Any) -> list[str]:
    """The `-x` arguments of the command group, then those of the command."""
    own = [x_arg] if isinstance(x_arg, str) else list(x_arg or ())
    return [*g.get("x_arg", ()), *own]


def _set_defaults(config: Any, directory: str) -> None:
    config.set_main_option("script_location", directory.replace("%", "%%"))
    for name, value in DEFAULT_OPTIONS.items():
        if config.get_main_option(name) is None:
            config.set_main_option(name, value)


def _bind_names(app: Flask, db: Any) -> tuple[str, ...]:
    """The keys of `SQLALCHEMY_BINDS`; or those that the database object names, where there is no such setting."""
    binds = app.config.get("SQLALCHEMY_BINDS")
    if binds is None and hasattr(db, "bind_names"):
        binds = db.bind_names()
    return tuple(name for name in binds or () if name)
