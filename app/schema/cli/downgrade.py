"""`flask db downgrade`."""

from __future__ import annotations

import click

from ..workflows.downgrade import downgrade
from ._group import target
from ._options import directory_option, sql_option, tag_option, x_arg_option
from ._taking_back import consent


@click.command()
@directory_option
@sql_option
@tag_option
@x_arg_option
@click.option("--allow-data-loss", is_flag=True, help="Delete what has to go, in a protected environment too")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before something is deleted")
@click.argument("revision", default="-1")
def command(
    directory: str | None,
    sql: bool,
    tag: str | None,
    x_arg: tuple[str, ...],
    allow_data_loss: bool,
    yes: bool,
    revision: str,
) -> None:
    """Revert to a previous version"""
    agreed = consent(allow_data_loss=allow_data_loss, yes=yes)
    downgrade(target(directory, x_arg), revision, sql=sql, tag=tag, consent=agreed)
