"""Refuses to compare a database with models that nobody loaded, and warns where some may be missing.

Autogenerate takes what is not in the metadata for removed. If the module with the models was never imported, that
is everything: the revision would drop every table.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.operations.ops import DropTableOp
from sqlalchemy import MetaData, inspect

from ..core.errors import UsageProblem
from ..core.wording import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.operations.ops import MigrationScript
    from alembic.runtime.migration import MigrationContext

_MODEL = re.compile(rb"^class \w+\([^)]*\bModel\b|^\s+__tablename__\s*=", re.MULTILINE)
# Beside Alembic's own "Detected removed table", and shown wherever that is.
_log = logging.getLogger("alembic.autogenerate")
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


def warn_of_dropped_tables(scripts: Iterable[MigrationScript], migrations: Path) -> None:
    """Warn of a new revision that drops tables: often the module with their models was not imported.

    :param migrations: the migrations folder; models are looked for in the folder that holds it.
    """
    operations = [op for script in scripts for ops in script.upgrade_ops_list for op in ops.ops]
    dropped = [op.table_name for op in operations if isinstance(op, DropTableOp)]
    if not dropped:
        return
    tables = f"table{'s' if len(dropped) > 1 else ''} {listed(dropped)}"
    unloaded = [shown(path) for path in _unloaded_models(migrations)]
    advice = f" These define models and were not imported: {_few(unloaded)}." if unloaded else ""
    _log.warning(
        "This revision drops %s with all rows: no model that was loaded has that name.%s "
        "If it shall stay, delete the new file, import its model where the application is made, and migrate again.",
        tables,
        advice,
    )


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"


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
    return UsageProblem(
        found,
        expected=expected,
        hint="Import where the application is made what defines models and was not imported: "
        f"{_few(unloaded)}. {by_hand}",
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
