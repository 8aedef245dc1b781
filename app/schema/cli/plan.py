"""`flask db plan`."""

from __future__ import annotations

import sys

import click

from ..report.plans import formats, write
from ..workflows.measure import measured
from ..workflows.plan import plan
from ._group import target
from ._options import directory_option, x_arg_option


@click.command()
@directory_option
@x_arg_option
@click.option("--format", "format_name", type=click.Choice(formats()), default="text", help="Output format")
@click.option(
    "--measure", is_flag=True, help="Run it on a scratch database and show what was observed (PostgreSQL)"
)
@click.option("--scratch", metavar="URL", help="Empty database for --measure, instead of a temporary one")
@click.argument("revision", default="head")
def command(
    directory: str | None,
    x_arg: tuple[str, ...],
    format_name: str,
    measure: bool,
    scratch: str | None,
    revision: str,
) -> None:
    """Show what upgrade would run now, statement by statement

    For each statement: its transaction, the lock it takes and whom that blocks, whether it rewrites or reads the
    table, and what is wrong with it. Nothing is changed.

    Example: flask db plan
    """
    where = target(directory, x_arg)
    planned = plan(where, revision)
    if measure or scratch:
        planned = measured(where, planned, scratch)
    write(planned, format_name, sys.stdout)
