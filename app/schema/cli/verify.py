"""`flask db verify`."""

from __future__ import annotations

import sys

import click

from ..core.errors import HistoryBroken
from ..report.verifications import formats, write
from ..workflows.verify import verify
from ._group import target
from ._options import directory_option


@click.command()
@directory_option
@click.option("--accept", multiple=True, metavar="REV", help="Say that a revision is right as it is now")
@click.option("--reason", metavar="TEXT", help="Why it is; kept in the ledger")
@click.option("--format", "format_name", type=click.Choice(formats()), default="text", help="Output format")
def command(directory: str | None, accept: tuple[str, ...], reason: str | None, format_name: str) -> None:
    """Compare the revision files and the databases with what was applied

    Exits with 4 where an upgrade would refuse to run. What a revision does counts, not its bytes.

    Example: flask db verify --accept 8e24b6c9d015 --reason "the database was mended by hand"
    """
    found = verify(target(directory), accept=accept, reason=reason)
    write(found, format_name, sys.stdout)
    if any(verification.broken for verification in found):
        raise SystemExit(HistoryBroken.exit_code)
