"""`flask db plan`."""

from __future__ import annotations

import sys

import click

from ..report.plans import formats, write
from ..workflows.plan import plan
from ._group import target
from ._options import directory_option, x_arg_option


@click.command()
@directory_option
@x_arg_option
@click.option("--format", "format_name", type=click.Choice(formats()), default="text", help="Output format")
@click.argument("revision", default="head")
def command(directory: str | None, x_arg: tuple[str, ...], format_name: str, revision: str) -> None:
    """Show what upgrade would run now, statement by statement

    For each statement: its transaction, the lock it takes and whom that blocks, whether it rewrites or reads the
    table, and what is wrong with it. Nothing is changed.

    Example: flask db plan
    """
    write(plan(target(directory, x_arg), revision), format_name, sys.stdout)
