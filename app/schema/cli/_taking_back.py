"""The questions and the plan of `flask db downgrade`, on stderr: its own output stays what it was."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from ..report.downgrades import write
from ..workflows.downgrade_gate import Consent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.loss import WayDown


def consent(*, allow_data_loss: bool, yes: bool) -> Consent:
    """Return who says yes to what the current command deletes: the options, or the person at the terminal."""
    return Consent(
        allow_data_loss=allow_data_loss,
        yes=yes,
        ask=_ask if sys.stdin.isatty() else None,
        show=_show,
        remedy=f"type `{_again()} --allow-data-loss`",
    )


def _show(ways: Sequence[WayDown]) -> None:
    write(ways, sys.stderr)


def _ask(question: str) -> bool:
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort:  # Ctrl-C, Ctrl-D
        click.echo(err=True)
        return False


def _again() -> str:
    """The current command with its options, as it is typed."""
    context = click.get_current_context()
    group = context.parent
    words = ["flask", *([str(group.info_name), *_options(group)] if group else []), str(context.info_name)]
    return shlex.join([*words, *_options(context), str(context.params["revision"])])


def _options(context: click.Context) -> list[str]:
    words = []
    for name in ("directory", "tag"):
        if context.params.get(name):
            words += [f"--{name}", str(context.params[name])]
    for value in context.params.get("x_arg") or ():
        words += ["-x", value]
    return words
