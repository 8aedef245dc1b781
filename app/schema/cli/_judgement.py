"""Findings on the way to something else: they go to stderr, so that the command's own output stays what it was."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..core.errors import SchemaError
from ..report import write

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.judgement import Judgement
    from ..workflows.target import Target


def show(judgement: Judgement) -> None:
    """Print what was found."""
    write(judgement, "text", sys.stderr)


def show_new(target: Target, path: Path | None) -> None:
    """Judge a revision that was just written, and print what was found."""
    if path is None:
        return
    # An upgrade with nothing to do must not wait for the linter to be loaded.
    from ..workflows.lint import Request, lint

    try:
        judgement = lint(target, target.settings, Request(paths=(path,)))
    except (
        SchemaError
    ) as error:  # the revision is written; that it cannot be judged must not look like a failure
        sys.stderr.write(f"The new revision could not be judged: {error}\n")
        return
    if judgement.open:
        show(judgement)
