"""`flask db ensure-version`."""

from __future__ import annotations

import click

from ..workflows.ensure_version import ensure_version
from ._group import target
from ._options import directory_option, sql_option


@click.command()
@directory_option
@sql_option
def command(directory: str | None, sql: bool) -> None:
    """Create the version table if it does not exist"""
    ensure_version(target(directory), sql=sql)
