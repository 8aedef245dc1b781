"""`flask db recover`."""

from __future__ import annotations

import click

from ..core.wording import shown
from ..workflows.recover import recover
from ._group import target
from ._options import directory_option


@click.command()
@directory_option
@click.option("--force", is_flag=True, help="Also overwrite a file that says something else now")
@click.argument("revisions", nargs=-1)
def command(directory: str | None, force: bool, revisions: tuple[str, ...]) -> None:
    """Write revision files back from the ledger

    REVISIONS are ids or their beginnings. Without any, every applied revision that has no file.

    Example: flask db recover 8e24b6c9d015
    """
    files = recover(target(directory), revisions, force=force)
    for file in files:
        what = "was written" if file.written else "says already what was applied"
        click.echo(f"{shown(file.path)} {what} (revision '{file.revision}').")
    if not files:
        click.echo("Every applied revision has its file.")
