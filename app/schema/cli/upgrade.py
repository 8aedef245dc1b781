"""`flask db upgrade`."""

from __future__ import annotations

import click

from ..workflows.gate import Acceptance
from ..workflows.upgrade import upgrade
from ._group import target
from ._judgement import show
from ._options import directory_option, sql_option, tag_option, x_arg_option


@click.command()
@directory_option
@sql_option
@tag_option
@x_arg_option
@click.option(
    "--accept", multiple=True, metavar="RULE[@REV]", help="Let a finding through that stops the upgrade"
)
@click.option("--reason", metavar="TEXT", help="Why it is let through")
@click.argument("revision", default="head")
def command(
    directory: str | None,
    sql: bool,
    tag: str | None,
    x_arg: tuple[str, ...],
    accept: tuple[str, ...],
    reason: str | None,
    revision: str,
) -> None:
    """Upgrade to a later version"""
    acceptance = Acceptance(accept, reason)
    upgrade(target(directory, x_arg), revision, sql=sql, tag=tag, acceptance=acceptance, show=show)
