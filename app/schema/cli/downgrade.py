"""`flask db downgrade`."""

from __future__ import annotations

import click

from ..workflows.downgrade import downgrade
from ._group import target
from ._options import directory_option, sql_option, tag_option, x_arg_option


@click.command()
@directory_option
@sql_option
@tag_option
@x_arg_option
@click.argument("revision", default="-1")
def command(directory: str | None, sql: bool, tag: str | None, x_arg: tuple[str, ...], revision: str) -> None:
    """Revert to a previous version"""
    downgrade(target(directory, x_arg), revision, sql=sql, tag=tag)
