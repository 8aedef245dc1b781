"""`flask db history`."""

from __future__ import annotations

import click

from ..workflows.history import history
from ._group import target
from ._options import directory_option, verbose_option


@click.command()
@directory_option
@click.option("-r", "--rev-range", default=None, help="Specify a revision range; format is [start]:[end]")
@verbose_option
@click.option(
    "-i",
    "--indicate-current",
    is_flag=True,
    help="Indicate current version (Alembic 0.9.9 or greater is required)",
)
def command(directory: str | None, rev_range: str | None, verbose: bool, indicate_current: bool) -> None:
    """List changeset scripts in chronological order."""
    for script in history(target(directory), rev_range, indicate_current=indicate_current):
        click.echo(
            script.cmd_format(verbose=verbose, include_branches=True, include_doc=True, include_parents=True)
        )
