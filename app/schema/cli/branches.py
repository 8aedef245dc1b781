"""`flask db branches`."""

from __future__ import annotations

import click

from ..workflows.branches import branches
from ._group import target
from ._options import directory_option, verbose_option


@click.command()
@directory_option
@verbose_option
def command(directory: str | None, verbose: bool) -> None:
    """Show current branch points"""
    for point, following in branches(target(directory)):
        click.echo(point.cmd_format(verbose, include_branches=True))
        indent = " " * len(point.revision)
        for script in following:
            text = script.cmd_format(verbose=False, include_branches=True, include_doc=verbose)
            click.echo(f"{indent} -> {text}")
        click.echo()
