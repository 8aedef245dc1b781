"""`flask db stamp`."""

from __future__ import annotations

import sys

import click

from ..report.differences import write
from ..workflows.stamp import stamp
from ._group import target
from ._options import directory_option, sql_option, tag_option


@click.command()
@directory_option
@sql_option
@tag_option
@click.option("--purge", is_flag=True, help="Delete the version in the alembic_version table before stamping")
@click.option("--force", is_flag=True, help="Stamp also a schema that is not what the history builds")
@click.argument("revision", nargs=-1)
def command(
    directory: str | None, sql: bool, tag: str | None, purge: bool, force: bool, revision: tuple[str, ...]
) -> None:
    """'stamp' the revision table with the given revision; don't run any
    migrations"""
    stamp(
        target(directory),
        revision or "head",
        sql=sql,
        tag=tag,
        purge=purge,
        force=force,
        show=lambda comparison: write(comparison, "text", sys.stderr),
    )
