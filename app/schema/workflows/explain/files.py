"""The migrations folder is not there, is not complete, or cannot be written."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from alembic.util import CommandError

from ...core.errors import SchemaError, UsageProblem
from ...core.wording import shown

if TYPE_CHECKING:
    from pathlib import Path

    from .trouble import Trouble

_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims missing and unwritable files of the migrations folder."""
    folder = trouble.situation.directory
    if trouble.running_step or folder is None:
        return None
    command_error = trouble.find(CommandError)
    if command_error is not None:
        return _no_folder(trouble, folder) if str(command_error).startswith("Path doesn't exist") else None
    error = trouble.find(OSError)
    if error is not None and error.errno in _UNWRITABLE:
        return _unwritable(trouble, error)
    missing = next((n for n in ("env.py", "script.py.mako") if not (folder / n).exists()), None)
    if folder.is_dir() and missing and _not_found(trouble):
        return _incomplete(folder, missing, trouble)
    return None


def _not_found(trouble: Trouble) -> bool:
    """Whether a file was looked for in vain; Alembic raises `ImportError` for env.py."""
    return any(isinstance(e, FileNotFoundError) or "Can't find Python file" in str(e) for e in trouble.chain)


def _no_folder(trouble: Trouble, folder: Path) -> SchemaError:
    return UsageProblem(
        f"There is no migrations folder at {shown(folder)}.",
        hint=f"Type {trouble.situation.to_type('init')} to make it, or go to the project's folder, "
        "or name it with `--directory`.",
    )


def _incomplete(folder: Path, missing: str, trouble: Trouble) -> SchemaError:
    init = trouble.situation.to_type("init --directory new_migrations")
    return UsageProblem(
        f"The migrations folder {shown(folder)} has no {missing}.",
        hint=f"Get it back with `git checkout -- {shown(folder / missing)}`, or make a fresh folder with "
        f"{init} and copy {missing} from there.",
    )


def _unwritable(trouble: Trouble, error: OSError) -> SchemaError:
    path = str(error.filename or trouble.situation.directory)
    return SchemaError(
        f"{shown(path)} cannot be written: {error.strerror}.",
        hint=f"Look at the rights with `ls -ld {shown(path)}`, then {trouble.situation.again}.",
    )
