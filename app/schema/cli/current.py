"""`flask db current`."""

from __future__ import annotations

import click

from ..workflows.current import current
from ._group import target
from ._options import directory_option, verbose_option


@click.command()
@directory_option
@verbose_option
@click.option("--check-heads", is_flag=True, help="Check if all head revisions are applied to the database")
def command(directory: str | None, verbose: bool, check_heads: bool) -> None:
    """Display the current revision for each database."""
    for standing in current(target(directory), check_heads=check_heads):
        if verbose:
            click.echo(f"Current revision(s) for {standing.url}:")
        for script in standing.scripts:
            click.echo(script.cmd_format(verbose))
        for unknown in standing.unknown:
            told = standing.told.get(unknown)
            click.echo(f"{unknown} (no file has this id)" + (f" {told}" if told else ""))
