"""The `flask` program with an explanation for everything that goes wrong before a command is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from flask.cli import FlaskGroup, NoAppException, ScriptInfo

from ..core.errors import SchemaError, UsageProblem
from ..core.wording import shown
from ..workflows.explain import explain
from ._group import Failure, SchemaGroup

if TYPE_CHECKING:
    from flask import Flask

_PLACE = re.compile(r'File "([^"]+)", line (\d+)')


class Front(FlaskGroup):
    """Flask's own group, which loads the application itself before it looks for a command in it."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command.

        :raises Failure: if the application cannot be loaded, or has no such command because `Migrate` is not attached.
        """
        if name in self.commands:
            return super().get_command(ctx, name)
        app = _load(ctx.ensure_object(ScriptInfo))
        command = super().get_command(ctx, name)
        if command is None and not any(isinstance(c, SchemaGroup) for c in app.cli.commands.values()):
            raise Failure(_not_attached(app, name))
        return command


front = Front(
    name="flask", help="Flask's commands, with an explanation where the application cannot be loaded."
)


def _load(info: ScriptInfo) -> Flask:
    try:
        return info.load_app()
    except NoAppException as error:
        raise Failure(_no_application(error.format_message())) from None
    except click.ClickException:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, a person reads it
        raise Failure(explain(error)) from None


def _no_application(words: str) -> SchemaError:
    """Flask's message, without the traceback that it holds if an import failed."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    places = _PLACE.findall(words)
    if not places:
        return UsageProblem(
            f"There is no application: {' '.join(lines)}",
            hint="Go to the project's folder, or name the module: `flask --app main db …`.",
        )
    path, line = places[-1]
    return UsageProblem(
        f"The application cannot be imported: {lines[-1]}, at {shown(path, int(line))}.",
        hint="Install what is missing with `pip install -r requirements.txt`, or correct that line.",
    )


def _not_attached(app: Flask, name: str) -> SchemaError:
    return UsageProblem(
        f"The application '{app.name}' has no command '{name}': no `Migrate` is attached to it.",
        hint="Write `migrate.init_app(app, db)` in the function that makes the application.",
    )
