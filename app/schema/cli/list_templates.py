"""`flask db list-templates`."""

from __future__ import annotations

import click

from ..workflows.templates import synopsis, templates


@click.command()
def command() -> None:
    """List available templates."""
    click.echo("Available templates:\n")
    for name, path in templates().items():
        click.echo(f"{name} - {synopsis(path)}")
