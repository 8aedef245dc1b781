"""`flask db migrate`."""

from __future__ import annotations

from typing import Any

import click

from ..workflows.revision import NewRevision, revision
from ._group import target
from ._judgement import show_new
from ._options import (
    branch_label_option,
    depends_on_option,
    directory_option,
    head_option,
    message_option,
    rev_id_option,
    splice_option,
    sql_option,
    version_path_option,
    x_arg_option,
)


@click.command()
@directory_option
@message_option
@sql_option
@head_option
@splice_option
@branch_label_option
@version_path_option
@rev_id_option
@depends_on_option
@x_arg_option
def command(directory: str | None, x_arg: tuple[str, ...], **options: Any) -> None:
    """Autogenerate a new revision file (Alias for
    'revision --autogenerate')"""
    where = target(directory, x_arg, ("autogenerate",))
    show_new(where, revision(where, NewRevision(autogenerate=True, **options)))
