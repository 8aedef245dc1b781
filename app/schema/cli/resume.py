"""`flask db resume`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..core.errors import UsageProblem
from ..workflows.resume import resume
from ._group import target
from ._options import directory_option, x_arg_option

if TYPE_CHECKING:
    from ..core.journal import Answer


@click.command()
@directory_option
@x_arg_option
@click.option("--step-done", is_flag=True, help="The statement of which nothing is known took effect")
@click.option("--step-redo", is_flag=True, help="It did not: run it again")
def command(directory: str | None, x_arg: tuple[str, ...], step_done: bool, step_redo: bool) -> None:
    """Finish a revision that was interrupted half-way"""
    if step_done and step_redo:
        raise UsageProblem("`--step-done` and `--step-redo` contradict each other.", hint="Give one of them.")
    answer: Answer | None = "done" if step_done else "redo" if step_redo else None
    finished = resume(target(directory, x_arg), answer)
    if finished is None:
        click.echo("Nothing was interrupted.")
        return
    revision, direction = finished
    click.echo(f"The {direction} of revision '{revision}' is finished.")
