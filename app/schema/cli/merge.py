"""`flask db merge`."""

from __future__ import annotations

import click

from ..workflows.merge import merge
from ._group import target
from ._options import branch_label_option, directory_option, rev_id_option, splice_option


@click.command()
@directory_option
@click.option("-m", "--message", default=None, help="Merge revision message")
@branch_label_option
@rev_id_option
@splice_option
@click.argument("revisions", nargs=-1)
def command(
    directory: str | None,
    message: str | None,
    branch_label: str | None,
    rev_id: str | None,
    splice: bool,
    revisions: tuple[str, ...],
) -> None:
    """Merge two revisions together, creating a new revision file"""
    written = merge(
        target(directory), revisions, message=message, branch_label=branch_label, rev_id=rev_id, splice=splice
    )
    if written is None:
        click.echo("Nothing to merge: the history has one head.")
