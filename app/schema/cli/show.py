"""`flask db show`."""

from __future__ import annotations

import click

from ..workflows.show import show
from ._group import target
from ._options import directory_option


@click.command()
@directory_option
@click.argument("revision", default="head")
def command(directory: str | None, revision: str) -> None:
    """Show the revision denoted by the given symbol."""
    for script in show(target(directory), revision):
        click.echo(script.log_entry)
