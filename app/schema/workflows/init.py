"""Write a migrations folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command

from ..core.errors import SchemaError, UsageProblem
from ..core.wording import listed, shown
from .explain import explain
from .running import alone
from .templates import templates

if TYPE_CHECKING:
    from .target import Target


def init(
    target: Target, *, multidb: bool = False, template: str | None = None, package: bool = False
) -> Path:
    """Copy a template into a new folder: the one that is wanted, seen from the current folder.

    :param multidb: take the template for several databases.
    :param template: name of a template, or the path of a folder that is one.
    :param package: also write `__init__.py` files.
    :return: the folder.
    :raises SchemaError: if there is something in the folder.
    :raises UsageProblem: if there is no such template.
    """
    directory = target.wanted
    _require_empty(Path(directory))
    source = _source(template or ("flask-multidb" if multidb else "flask"))
    config: Any = target.config
    config.template_directory = str(source.parent)
    config.config_file_name = str(Path(directory, "alembic.ini"))
    with alone(target):
        try:
            command.init(config, directory, template=source.name, package=package)
        except Exception as error:
            raise explain(error, target) from error
    return Path(directory)


def _require_empty(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise SchemaError(
            f"Directory {shown(folder)} already exists and is not empty; nothing was changed.",
            hint="Give another one with `--directory`, or go on with this one: `flask db migrate`.",
        )


def _source(template: str) -> Path:
    if "/" in template or "\\" in template:
        source = Path(template)
        if source.is_dir():
            return source.absolute()
    known = templates()
    if template not in known:
        raise UsageProblem(
            f"There is no template '{template}'.", expected=f"The templates are {listed(known)}, or a folder."
        )
    return known[template]
