"""The revision files contradict each other, or one of them is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.errors import SchemaError
    from .trouble import Trouble


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims every trouble of a command that Alembic could not load the history for.

    The files are read without running them, so that file and line can be named, and all that is wrong at once.
    """
    return trouble.unsound
