"""What a command loads that has nothing to do."""

from __future__ import annotations

import re
from pathlib import Path

from tests.checkout import copy_to, run
from tests.databases.servers import Database

LINTER = ("app.schema.lint", "app.schema.scripts.recorder", "app.schema.dialects.effects")


def loaded(said: str) -> set[str]:
    """The modules that `python -X importtime` names."""
    return set(re.findall(r"^import time: .*\| +(\S+)$", said, re.MULTILINE))


def test_upgrade_loads_the_linter_only_where_a_revision_is_pending(
    database: Database, tmp_path: Path
) -> None:
    project = copy_to(tmp_path / "strata")
    upgrade = ("python", "-X", "importtime", "-m", "flask", "db", "upgrade")

    first, second = loaded(run(project, database, *upgrade)), loaded(run(project, database, *upgrade))

    assert [name for name in LINTER if name not in first] == []
    assert [name for name in sorted(second) if name.startswith(LINTER)] == []
