"""The schema engine: everything behind `flask db`.

A Flask extension in its own right. It imports nothing of the application, and inside itself only relatively, so
that it also works when it is installed under another name.

* `core`: nouns that every room shares
* `scripts`: revision files, read without running them
* `workflows`: one use case for each file; the only place that knows the order of things
* `cli`: one file for each `flask db` command, discovered by existing
"""

from __future__ import annotations

import flask_migrate


class Migrate(flask_migrate.Migrate):
    """Drop-in replacement of `flask_migrate.Migrate`."""
