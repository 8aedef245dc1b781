"""Laws that hold for every fix, whoever writes the rule.

It converges, no finding of its rule is left, the file still imports, and upgrade and downgrade end in the same schema
as before, on a real database.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, NullPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.schema.core.finding import FixStep
from app.schema.core.server import ENGINES, Server
from app.schema.lint.catalogue import Entry, entries
from app.schema.scripts.recording.module import load
from app.schema.scripts.renderer import renderer_for
from app.schema.workflows.fixing import MOST_ROUNDS, mended
from tests.databases.servers import Database
from tests.schema.lint.verbs import HISTORY, judge_source, recorded, revision_source

TESTED_ON = {"postgresql": "postgresql", "mariadb": "mariadb", "mysql": "mariadb", "sqlite": "sqlite"}
CASES = [
    pytest.param(entry, server or entry.rule.engines[0], code, id=f"{entry.module}-{number}")
    for entry in entries()
    if entry.rule.fixable
    for number, (server, code) in enumerate(entry.documentation.code("Example"))
]


@pytest.mark.parametrize(("entry", "server", "code"), CASES)
def test_fix_obeys_the_laws(
    entry: Entry, server: str, code: str, make_database: Callable[[str], Database], tmp_path: Path
) -> None:
    on = Server.parse(server)
    before = revision_source(code, "r1", "r0", downgrade=_downgrade(code, on))
    after, safe = _converged(before, entry, str(on))
    assert after != before, f"no finding of {entry.rule.ids} carries a fix"
    path = tmp_path / "fixed.py"
    path.write_text(after)
    assert load(path).failure is None

    kept = _schemas(before, make_database(TESTED_ON[on.engine]), tmp_path)
    mended_schemas = _schemas(after, make_database(TESTED_ON[on.engine]), tmp_path)
    assert isinstance(mended_schemas, list), f"the fixed revision fails: {mended_schemas}"
    if safe and isinstance(kept, list):
        assert mended_schemas == kept


def test_default_servers_are_named() -> None:
    assert set(TESTED_ON) == set(ENGINES)


def _converged(source: str, entry: Entry, server: str) -> tuple[str, bool]:
    """Apply safe fixes, and the rule's own, until there are none; the rule must have nothing to say then.

    :return: the text, and whether all fixes were safe: an unsafe one may end in another schema.
    """
    safe = True
    for _ in range(MOST_ROUNDS):
        findings = [f for f in judge_source(source, server) if f.allowed is None and f.fix is not None]
        mendable = [f for f in findings if f.fix is not None and (f.fix.safe or f.rule in entry.rule.ids)]
        if not mendable:
            break
        source = mended(source, mendable[0])
        safe = safe and bool(mendable[0].fix and mendable[0].fix.safe)
    left = [f.message for f in judge_source(source, server) if f.rule in entry.rule.ids and f.allowed is None]
    assert not left, left
    return source, safe


def _downgrade(code: str, server: Server) -> str:
    """Return the inverse of what the example does, where Alembic knows one."""
    steps = recorded(revision_source(code, "r1", "r0"), "r1", server).operations
    try:
        inverse = tuple(step.op.reverse() for step in reversed(steps))  # type: ignore[attr-defined]
        return renderer_for(server)((FixStep(inverse),)) or "pass"
    except (UserWarning, AttributeError, NotImplementedError, ValueError, SQLAlchemyError):
        return "pass"


def _schemas(source: str, database: Database, folder: Path) -> list[Any] | str:
    """Run history, upgrade and downgrade; return the schema after each of both, or why the upgrade fails."""
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        _run(connection, revision_source(HISTORY, "r0", None), "upgrade", folder)
        try:
            _run(connection, source, "upgrade", folder)
        except (SQLAlchemyError, NotImplementedError, ValueError, AssertionError) as error:
            return f"{type(error).__name__}: {error}"
        up = _schema(connection)
        try:
            _run(connection, source, "downgrade", folder)
        except (DBAPIError, NotImplementedError, ValueError) as error:
            return [up, type(error).__name__]
        return [up, _schema(connection)]


def _run(connection: Connection, source: str, direction: str, folder: Path) -> None:
    path = folder / f"run_{direction}.py"
    path.write_text(source)
    context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
    with context.begin_transaction(_per_migration=True), Operations.context(context):
        load(path).functions(direction)[0]()
    connection.commit()


def _schema(connection: Connection) -> dict[str, Any]:
    """Return what can be seen of all tables, in an order that does not depend on how they came to be."""
    inspector = inspect(connection)
    found = {name: _table(inspector, name) for name in sorted(inspector.get_table_names())}
    connection.rollback()
    return found


def _table(inspector: Any, name: str) -> dict[str, Any]:
    columns = inspector.get_columns(name)
    parts = {
        "columns": sorted((c["name"], str(c["type"]), c["nullable"], str(c.get("default"))) for c in columns),
        "key": inspector.get_pk_constraint(name)["constrained_columns"],
    }
    for kind in ("foreign_keys", "unique_constraints", "check_constraints", "indexes"):
        rows = getattr(inspector, f"get_{kind}")(name)
        parts[kind] = sorted(
            str(sorted((k, str(v)) for k, v in row.items() if k != "dialect_options")) for row in rows
        )
    return parts
