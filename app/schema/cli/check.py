"""`flask db check`."""

from __future__ import annotations

import click

from ..workflows.check import check
from ._group import target
from ._options import directory_option


@click.command()
@directory_option
def command(directory: str | None) -> None:
    """Check if there are any new operations to migrate"""
    check(target(directory))
