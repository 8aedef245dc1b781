"""`flask db init`."""

from __future__ import annotations

import click

from ..workflows.init import init
from ._group import target
from ._options import directory_option


@click.command()
@directory_option
@click.option("--multidb", is_flag=True, help="Support multiple databases")
@click.option("-t", "--template", default=None, help='Repository template to use (default is "flask")')
@click.option(
    "--package", is_flag=True, help="Write empty __init__.py files to the environment and version locations"
)
def command(directory: str | None, multidb: bool, template: str | None, package: bool) -> None:
    """Creates a new migration repository."""
    init(target(directory), multidb=multidb, template=template, package=package)
