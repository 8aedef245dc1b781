"""The code keeps to the table of `tests/architecture.py`, and the checks catch code that does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import Module

ROOT = Path(__file__).parent.parent

CHECKS = [
    architecture.wrong_arrows,
    architecture.touched_names,
    architecture.cycles,
    architecture.hidden_imports,
    architecture.too_long,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_code_of_the_product_passes(check: Callable[[dict[str, Module]], list[str]]) -> None:
    assert check(architecture.read(ROOT)) == []


def tree(root: Path, files: dict[str, str]) -> dict[str, Module]:
    """Write a small tree, `{"app/schema/core/x": "import flask"}`, and read it."""
    for name, source in files.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return architecture.read(root)


@pytest.mark.parametrize(
    ("module", "source", "problem"),
    [
        ("app/schema/core/x", "import click", "app.schema.core must not import click"),
        (
            "app/schema/core/x",
            "from ..report import text",
            "app.schema.core must not import app.schema.report.text",
        ),
        (
            "app/schema/core/x",
            "from sqlalchemy import create_engine",
            "must not import sqlalchemy.create_engine",
        ),
        (
            "app/schema/scripts/x",
            "from ..dialects import a",
            "app.schema.scripts must not import app.schema.dialects",
        ),
        ("app/schema/scripts/x", "from flask import current_app", "must not import flask.current_app"),
        (
            "app/schema/lint/x",
            "from alembic.runtime import migration",
            "must not import alembic.runtime.migration",
        ),
        ("app/schema/lint/rules/x", "from . import y", "app.schema.lint.rules must not import"),
        ("app/schema/lint/rules/x", "from ..engine import run", "must not import app.schema.lint.engine"),
        (
            "app/schema/ledger/x",
            "from sqlalchemy.orm import Session",
            "must not import sqlalchemy.orm.Session",
        ),
        ("app/schema/report/x", "import click", "app.schema.report must not import click"),
        (
            "app/schema/runner/x",
            "from ..lint import engine",
            "app.schema.runner must not import app.schema.lint",
        ),
        ("app/schema/workflows/x", "from ..report import text", "must not import app.schema.report"),
        ("app/schema/workflows/x", "from flask import request", "must not import flask.request"),
        (
            "app/schema/cli/x",
            "from ..runner import execute",
            "app.schema.cli must not import app.schema.runner",
        ),
        ("app/schema/cli/x", "import sqlalchemy.orm", "app.schema.cli must not import sqlalchemy.orm"),
        ("app/schema/cli/x", "def f():\n  # reason\n  import sqlalchemy", "must not import sqlalchemy"),
        ("app/console/x", "from app.schema.runner import execute", "must not import app.schema.runner"),
        ("app/console/x", "from sqlalchemy import text", "app.console must not import sqlalchemy.text"),
        ("app/schema/x", "", "no row in the table"),
        ("app/schema/core/x", "from app.schema.core import errors", "imports are relative"),
        ("app/schema/core/x", "from models import User", "must not import models of the application"),
        ("app/schema/core/x", "from ...accounts import views", "must not import app.accounts.views"),
        (
            "app/schema/__init__",
            "from .runner import execute",
            "app.schema must not import app.schema.runner",
        ),
        ("app/accounts/x", "from main import create_app", "app must not import main"),
        ("models", "from app.accounts import views", "models must not import app.accounts.views"),
        ("config", "import extensions", "config must not import extensions"),
        ("migrations/versions/x", "from models import User", "migrations.versions must not import models"),
        (
            "migrations/versions/x",
            "from . import y",
            "migrations.versions must not import migrations.versions.y",
        ),
        ("migrations/env", "import app.schema", "migrations.env must not import app.schema"),
    ],
)
def test_wrong_arrow_is_caught(module: str, source: str, problem: str, tmp_path: Path) -> None:
    around = {
        "app/accounts/views": "",
        "app/schema/dialects/a": "",
        "app/schema/lint/engine": "",
        "app/schema/lint/rules/y": "",
        "app/schema/report/text": "",
        "app/schema/runner/execute": "",
        "extensions": "",
        "migrations/versions/y": "",
        "main": "",
        "models": "",
    }

    found = architecture.wrong_arrows(tree(tmp_path, {**around, module: source}))

    assert len(found) == 1
    assert found[0].startswith(f"{module}.py:")
    assert problem in found[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("app/schema/core/x", "from .errors import SchemaError\nfrom alembic.operations import ops"),
        ("app/schema/lint/rules/x", "from ..rule import Rule\nfrom ...core.errors import SchemaError"),
        ("app/schema/workflows/x", "from flask import current_app\nfrom ..runner import execute"),
        ("app/schema/cli/x", "import click\nfrom ..workflows import y"),
        ("extensions", "from app.schema import Migrate"),
        ("main", "import app.accounts\nimport config\nfrom app.schema.cli import y"),
        ("migrations/versions/x", "import sqlalchemy as sa\nfrom alembic import op"),
    ],
)
def test_allowed_arrow_passes(module: str, source: str, tmp_path: Path) -> None:
    around = {
        "app/accounts/views": "",
        "app/schema/cli/y": "",
        "app/schema/core/errors": "",
        "app/schema/lint/rule": "",
        "app/schema/runner/execute": "",
        "app/schema/workflows/y": "",
        "config": "",
    }

    assert architecture.wrong_arrows(tree(tmp_path, {**around, module: source})) == []


@pytest.mark.parametrize("source", ["import os\nos.environ['X']", "import os\nos.getenv('X')"])
def test_environment_read_in_core_is_caught(source: str, tmp_path: Path) -> None:
    found = architecture.touched_names(tree(tmp_path, {"app/schema/core/x": source}))

    assert found == ["app/schema/core/x.py:2: app.schema.core must not read the environment"]


def test_circle_of_imports_is_caught_and_named(tmp_path: Path) -> None:
    circle = tree(
        tmp_path,
        {
            "app/schema/core/a": "from .b import x",
            "app/schema/core/b": "from . import c",
            "app/schema/core/c": "import app.schema.core.a",
        },
    )

    [found] = architecture.cycles(circle)

    assert sorted(set(found.split(" -> "))) == [f"app.schema.core.{name}" for name in "abc"]


@pytest.mark.parametrize(
    "back",
    [
        "def f():\n    from .a import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a import x",
    ],
    ids=["in a function", "for types"],
)
def test_import_that_does_not_run_at_module_level_closes_no_circle(back: str, tmp_path: Path) -> None:
    modules = tree(tmp_path, {"app/schema/core/a": "from .b import x", "app/schema/core/b": back})

    assert architecture.cycles(modules) == []


@pytest.mark.parametrize(
    ("body", "caught"),
    [
        ("    import rich", [2]),
        ("    import rich  # costs 50 ms", []),
        ("    # Costs 50 ms.\n    import rich\n    from rich import table", []),
        ("    # Costs 50 ms.\n    import rich\n    x = 1\n    import json", [5]),
        ("    def g():\n        from json import loads", [3]),
    ],
)
def test_import_hidden_in_a_function_needs_a_reason(body: str, caught: list[int], tmp_path: Path) -> None:
    found = architecture.hidden_imports(tree(tmp_path, {"app/schema/core/x": f"def f():\n{body}\n"}))

    assert found == [
        f"app/schema/core/x.py:{line}: an import inside a function needs its reason in a comment"
        for line in caught
    ]


def test_long_module_and_long_function_are_caught(tmp_path: Path) -> None:
    long_function = "def f():\n" + "    x = 1\n" * 60
    modules = tree(
        tmp_path, {"models": "x = 1\n" * 301, "config": long_function, "extensions": "x = 1\n" * 300}
    )

    assert sorted(architecture.too_long(modules)) == [
        "config.py:1: f has 61 lines, at most 60 are allowed",
        "models.py: 301 lines, at most 300 are allowed",
    ]
