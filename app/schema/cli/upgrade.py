"""`flask db upgrade`."""

from __future__ import annotations

import click

from ..workflows.upgrade import upgrade
from ._group import target
from ._options import directory_option, sql_option, tag_option, x_arg_option


@click.command()
@directory_option
@sql_option
@tag_option
@x_arg_option
@click.argument("revision", default="head")
def command(directory: str | None, sql: bool, tag: str | None, x_arg: tuple[str, ...], revision: str) -> None:
    """Upgrade to a later version"""
    upgrade(target(directory, x_arg), revision, sql=sql, tag=tag)
