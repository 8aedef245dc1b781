"""The migration history of the product: one line of revisions that can be walked in both directions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, inspect

from tests.architecture import read, wrong_arrows
from tests.databases.servers import Database

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "migrations" / "versions").glob("*.py"))

# Tables that belong to the engine and not to the product: they stay when every revision has been taken back.
OWN = re.compile(r"alembic_version|schema_.*|strata_.*")


def variables(path: Path) -> dict[str, Any]:
    """Return the literals that a revision file assigns at module level."""
    found = {}
    for node in ast.parse(path.read_text()).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            found[target.id] = ast.literal_eval(node.value)
    return found


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def by_file(function: Callable[[Path], None]) -> Callable[[Path], None]:
    return pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)(function)


def test_history_tells_the_story_of_the_product() -> None:
    first, *later = [docstring(path).splitlines()[0] for path in FILES]

    assert "user" in first
    assert later[:2] == ["Add profile picture to user model", "Add birth_date to User model"]


def test_history_has_one_head_and_no_branches() -> None:
    parents = [variables(path)["down_revision"] for path in FILES]
    revisions = [variables(path)["revision"] for path in FILES]

    assert parents == [None, *revisions[:-1]], "files in the order of their names must be one chain"


@by_file
def test_header_says_what_the_variables_say(path: Path) -> None:
    header = dict(re.findall(r"^(Revision ID|Revises):[ ]?(.*)$", docstring(path), re.MULTILINE))

    assert header == {
        "Revision ID": variables(path)["revision"],
        "Revises": variables(path)["down_revision"] or "",
    }


@by_file
def test_file_name_is_time_id_and_message(path: Path) -> None:
    slug = "_".join(re.findall(r"\w+", docstring(path).splitlines()[0])).lower()
    time, revision, rest = path.stem.split("_", 2)

    assert re.fullmatch(r"\d{14}", time)
    assert revision == variables(path)["revision"]
    assert rest
    assert slug.startswith(rest.rstrip("_"))


def test_no_revision_imports_the_application() -> None:
    assert wrong_arrows({name: it for name, it in read(ROOT).items() if name.startswith("migrations.")}) == []


def schema(database: Database) -> dict[str, Any]:
    """Describe the product's tables as the database sees them."""
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        inspector = inspect(connection)
        return {
            name: {
                "columns": [
                    (it["name"], str(it["type"]), it["nullable"]) for it in inspector.get_columns(name)
                ],
                "key": inspector.get_pk_constraint(name),
                "unique": sorted(map(str, inspector.get_unique_constraints(name))),
                "indexes": sorted(map(str, inspector.get_indexes(name))),
                "foreign": sorted(map(str, inspector.get_foreign_keys(name))),
            }
            for name in inspector.get_table_names()
            if not OWN.fullmatch(name)
        }


def db(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=["db", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_whole_history_goes_up_down_and_up(empty_app: Flask, database: Database) -> None:
    db(empty_app, "upgrade")
    first = schema(database)
    db(empty_app, "downgrade", "base")
    empty = schema(database)
    db(empty_app, "upgrade")

    assert first
    assert empty == {}
    assert schema(database) == first


def test_each_revision_takes_back_exactly_what_it_did(empty_app: Flask, database: Database) -> None:
    for path in FILES:
        before = schema(database)
        db(empty_app, "upgrade", variables(path)["revision"])
        after = schema(database)
        db(empty_app, "downgrade")
        assert schema(database) == before, f"{path.name} does not take back all it did"
        db(empty_app, "upgrade", "+1")
        assert schema(database) == after, f"{path.name} does not do the same twice"


def test_models_say_what_the_history_builds(empty_app: Flask) -> None:
    db(empty_app, "upgrade")

    db(empty_app, "check")
