"""`flask db heads`."""

from __future__ import annotations

import click

from ..workflows.heads import heads
from ._group import target
from ._options import directory_option, verbose_option


@click.command()
@directory_option
@verbose_option
@click.option("--resolve-dependencies", is_flag=True, help="Treat dependency versions as down revisions")
def command(directory: str | None, verbose: bool, resolve_dependencies: bool) -> None:
    """Show current available heads in the script directory"""
    for script in heads(target(directory), resolve_dependencies=resolve_dependencies):
        click.echo(script.cmd_format(verbose, include_branches=True, tree_indicators=False))
