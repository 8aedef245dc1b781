"""Refuses to compare a database with models that nobody loaded.

Autogenerate takes what is not in the metadata for removed. If the module with the models was never imported, that
is everything: the revision would drop every table.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, inspect

from ..core.errors import UsageProblem
from ..core.wording import counted, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.runtime.migration import MigrationContext

_MODEL = re.compile(rb"^class \w+\([^)]*\bModel\b|^\s+__tablename__\s*=", re.MULTILINE)
_MOST_FILES = 5000
_MOST_NAMED = 5


def require_models(context: MigrationContext, migrations: Path, *, revisions: int) -> None:
    """Refuse empty metadata where something speaks for there being models.

    :param context: of the database that will be compared.
    :param migrations: the migrations folder; models are looked for in the folder that holds it.
    :param revisions: how many revisions the history has.
    :raises UsageProblem: names the modules that define models and were not imported.
    """
    given = context.opts.get("target_metadata")
    sources = [given] if isinstance(given, MetaData) else list(given or ())
    if not sources or any(metadata.tables for metadata in sources):
        return
    unloaded = [shown(path) for path in _unloaded_models(migrations)]
    if revisions or unloaded or _has_tables(context):
        raise _refusal(unloaded, revisions)


def _refusal(unloaded: list[str], revisions: int) -> UsageProblem:
    history = f", and the history has {counted(revisions, 'revision')}" if revisions else ""
    found = f"No models are loaded: the metadata has no table{history}."
    expected = "Comparing it would drop every table of the database."
    by_hand = "To drop all tables for good, write the revision by hand: `flask db revision -m …`."
    if not unloaded:
        return UsageProblem(
            found,
            expected=expected,
            hint="Import the module with the models where the application is made, and make sure that they belong "
            f"to the `SQLAlchemy()` object that `Migrate` was given. {by_hand}",
        )
    more = f" and {len(unloaded) - _MOST_NAMED} more" if len(unloaded) > _MOST_NAMED else ""
    return UsageProblem(
        found,
        expected=expected,
        hint="Import where the application is made what defines models and was not imported: "
        f"{', '.join(unloaded[:_MOST_NAMED])}{more}. {by_hand}",
    )


def _has_tables(context: MigrationContext) -> bool:
    if context.connection is None:
        return False
    return bool(set(inspect(context.connection).get_table_names()) - {context.version_table})


def _unloaded_models(migrations: Path) -> list[Path]:
    """Files of the project that look as if they define models and that no module was loaded from."""
    loaded = {os.path.realpath(str(getattr(m, "__file__", None))) for m in list(sys.modules.values())}
    here = migrations.resolve()
    return [
        path
        for number, path in enumerate(_sources(here.parent, here))
        if number < _MOST_FILES and os.path.realpath(path) not in loaded and _MODEL.search(path.read_bytes())
    ]


def _sources(project: Path, migrations: Path) -> Iterator[Path]:
    """The Python files of a project, without hidden folders, tests, migrations and virtual environments."""
    for root, folders, names in os.walk(project):
        here = Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "__"))
            and name not in ("tests", "node_modules")
            and here / name != migrations
            and not (here / name / "pyvenv.cfg").exists()
        )
        yield from (here / name for name in sorted(names) if name.endswith(".py"))
