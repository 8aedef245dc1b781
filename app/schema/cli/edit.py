"""`flask db edit`."""

from __future__ import annotations

import click

from ..workflows.edit import edit
from ._group import target
from ._options import directory_option


@click.command()
@directory_option
@click.argument("revision", default="head")
def command(directory: str | None, revision: str) -> None:
    """Edit a revision file"""
    edit(target(directory), revision)
