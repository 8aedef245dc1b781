"""`flask db adopt`."""

from __future__ import annotations

import sys

import click

from ..report.adoptions import formats, write
from ..workflows.adopt import adopt, record
from ._group import target
from ._options import directory_option, tag_option, x_arg_option


@click.command()
@directory_option
@tag_option
@x_arg_option
@click.option("--rev", metavar="REVISION", help="Compare with this revision instead of searching")
@click.option("-y", "--yes", is_flag=True, help="Stamp what is found, without asking")
@click.option("--format", "format_name", type=click.Choice(formats()), default="text", help="Output format")
def command(
    directory: str | None,
    tag: str | None,
    x_arg: tuple[str, ...],
    rev: str | None,
    yes: bool,
    format_name: str,
) -> None:
    """Take over a database that has a schema and no version

    Finds the revision that the schema fits best, shows what is left over, and stamps that revision if you agree. A
    database that has a version is compared with it. No table is changed.

    Example: flask db adopt
    """
    where = target(directory, x_arg)
    proposal = adopt(where, rev, tag=tag)
    write(proposal.adoption, format_name, sys.stdout)
    adoption = proposal.adoption
    if adoption.standing or not adoption.heads:
        raise click.exceptions.Exit(0 if adoption.standing and adoption.exact else 1)
    heads = " ".join(adoption.heads)
    if not (yes or _agreed(f"Stamp {heads}?")):
        click.echo(f"Nothing was stamped. To stamp {heads}, type `{where.group} adopt --yes`.", err=True)
        raise click.exceptions.Exit(1)
    record(where, proposal, tag=tag)
    click.echo(f"Stamped {heads}.", err=True)


def _agreed(question: str) -> bool:
    """Ask where somebody can answer."""
    if not sys.stdin.isatty():
        return False
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort:  # Ctrl-C, Ctrl-D
        click.echo(err=True)
        return False
