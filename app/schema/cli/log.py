"""`flask db log`."""

from __future__ import annotations

import sys

import click

from ..report.logs import formats, write
from ..workflows.log import log
from ._group import target
from ._options import directory_option

_SHOWN = 20


@click.command()
@directory_option
@click.option(
    "-n", "--number", type=click.IntRange(min=0), help=f"How many entries, 0 for all (text: {_SHOWN})"
)
@click.option("--revision", metavar="REV", help="Only what was done with this revision")
@click.option("--format", "format_name", type=click.Choice(formats()), default="text", help="Output format")
def command(directory: str | None, number: int | None, revision: str | None, format_name: str) -> None:
    """Show what was done with the revisions, when, by whom and with which code

    Newest first, from the ledger that upgrades, downgrades and stamps keep in each database.

    Example: flask db log -n 5
    """
    if number is None and format_name == "text" and revision is None:
        number = _SHOWN
    logs = log(target(directory), number=number or None, revision=revision)
    write(logs, format_name, sys.stdout)
