"""Revisions that rebuild a table, and what SQLite says about the schema afterwards."""

from __future__ import annotations

from click.testing import Result

from app.schema.core.own_tables import OWN_TABLES
from app.schema.dialects.rebuild.lexer import normalized
from tests.schema.conftest import Project

WIDER = 'batch.alter_column("name", type_=sa.String(60))'
WIDENED = {"item": "VARCHAR(20) => VARCHAR(60)"}


def executes(*statements: str) -> str:
    """Return lines of a revision that execute SQL."""
    return "\n    ".join(f"op.execute({statement!r})" for statement in statements)


def block(*operations: str, table: str = "item", arguments: str = "") -> str:
    """Return a batch block of a revision that rebuilds a table."""
    lines = [f'with op.batch_alter_table("{table}", recreate="always"{arguments}) as batch:']
    return "\n        ".join([*lines, *(operations or ("pass",))])


def master(project: Project) -> dict[str, str]:
    """Return what every object of the database says, without spaces and quotes, by its name."""
    rows = project.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(normalized(sql)) for name, sql in rows if name not in OWN_TABLES}


def run(project: Project, *before: str, upgrade: str, ok: bool = True) -> Result:
    """Execute SQL in a first revision, and run a second one on its own."""
    project.revision("aaa", upgrade=executes(*before))
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=upgrade)
    return project.flask("db", "upgrade", ok=ok)


def rebuilt(project: Project, *before: str, upgrade: str | None = None, **changes: str) -> Result:
    """Rebuild the table `item` in a second revision, and hold the whole schema to what it was.

    :param upgrade: the second revision; by default it widens the column `name`.
    :param changes: by name of an object, how its text differs afterwards: `item="old => new"`.
    """
    project.revision("aaa", upgrade=executes(*before))
    project.flask("db", "upgrade")
    expected = master(project)
    project.revision("bbb", "aaa", upgrade=upgrade or block(WIDER))
    result = project.flask("db", "upgrade")
    for name, change in (changes or WIDENED).items():
        old, _, new = change.partition(" => ")
        assert " ".join(normalized(old)) in expected[name]
        expected[name] = " ".join(
            expected[name].replace(" ".join(normalized(old)), " ".join(normalized(new))).split()
        )
    assert master(project) == expected
    return result


def refused(project: Project, *before: str, upgrade: str) -> str:
    """Run a second revision that must be refused, and hold schema, rows and version to what they were.

    :return: what the person reads, on one line.
    """
    project.revision("aaa", upgrade=executes(*before))
    project.flask("db", "upgrade")
    tables = [
        name
        for (name,) in project.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in OWN_TABLES
    ]
    expected = master(project), {name: project.rows(f'SELECT * FROM "{name}"') for name in tables}
    project.revision("bbb", "aaa", upgrade=upgrade)
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert (master(project), {name: project.rows(f'SELECT * FROM "{name}"') for name in tables}) == expected
    return " ".join(result.stderr.split())
