"""The schema engine: everything behind `flask db`.

A Flask extension in its own right. It imports nothing of the application, and inside itself only relatively, so
that it also works when it is installed under another name.

* `extension`: `Migrate`; `api`: the commands as functions; `environment`: what `migrations/env.py` does
* `core`: nouns that every room shares
* `scripts`: revision files, read without running them, and written whole or not at all
* `autogenerate`: from models and database to a revision
* `dialects`: what is known about one database engine, one file for each
* `runner`: acts on the database, guarded
* `workflows`: one use case for each file; the only place that knows the order of things
* `cli`: one file for each `flask db` command, discovered by existing; `__main__` stands in for `flask` itself
* `templates`: what `flask db init` copies
"""

from __future__ import annotations

from .api import (
    branches,
    check,
    current,
    downgrade,
    edit,
    ensure_version,
    heads,
    heads_of_code,
    history,
    init,
    list_templates,
    log,
    merge,
    migrate,
    recover,
    revision,
    revisions_of_database,
    show,
    stamp,
    upgrade,
    verify,
)
from .core.errors import Busy, HistoryBroken, SchemaError, UsageProblem
from .extension import Migrate

__all__ = [
    "Busy",
    "HistoryBroken",
    "Migrate",
    "SchemaError",
    "UsageProblem",
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "heads_of_code",
    "history",
    "init",
    "list_templates",
    "log",
    "merge",
    "migrate",
    "recover",
    "revision",
    "revisions_of_database",
    "show",
    "stamp",
    "upgrade",
    "verify",
]
