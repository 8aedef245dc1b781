"""What an `env.py` of an older template, or of the project's own, reads from `app.extensions["migrate"]`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import alembic.context
from alembic.util import to_tuple

from ..autogenerate.filters import include_name
from ..runner.commit_guard import CommitGuard
from .elsewhere import admission
from .running import lock_what_runs
from .stamp_elsewhere import prepared, stamp_of_alembic
from .target import WATCH

if TYPE_CHECKING:
    from .target import Target


def arguments(target: Target) -> dict[str, Any]:
    """Return the arguments of `context.configure` for an `env.py` that passes them on.

    They are a copy, because the template of Flask-Migrate writes into them. An argument that the file names itself
    is left out: Python refuses to be given one twice.
    """
    own = dict(target.configure_args)
    file = Path(target.directory, "env.py")
    text = file.read_text() if file.is_file() else ""
    if "transaction_per_migration" not in text:
        own.setdefault("transaction_per_migration", True)
    if "include_name" not in text:
        own["include_name"] = include_name(own)
    if WATCH not in target.config.attributes:
        environment = vars(alembic.context)["_proxy"]
        verification = stamp_of_alembic(target, environment)
        lock_what_runs(target, admission)
        prepared(verification, environment)
    if "on_version_apply" not in text and WATCH not in target.config.attributes:
        own["on_version_apply"] = (*to_tuple(own.get("on_version_apply"), default=()), CommitGuard())
    return own
