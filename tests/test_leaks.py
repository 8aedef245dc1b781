"""The leak detector catches each kind of leak, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SUITE = """
import logging, os
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine, text

KEPT = []

def new_app(url="sqlite://"):
    app = Flask("leaky")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    return app

def test_leaks_context():
    new_app().app_context().push()

def test_leaks_request():
    new_app().test_request_context("/").push()

def test_leaks_connection(tmp_path):
    KEPT.append(create_engine(f"sqlite:///{tmp_path}/x.db").connect())

def test_leaks_engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    KEPT.append(engine)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))

def test_leaks_environment():
    os.environ["STRATA_LEAK"] = "1"

def test_leaks_directory(tmp_path):
    os.chdir(tmp_path)

def test_leaks_level():
    logging.getLogger("alembic").setLevel(5)

def test_leaks_disabled():
    logging.getLogger("alembic").disabled = True

def test_leaks_handler():
    logging.getLogger().addHandler(logging.StreamHandler())

@pytest.mark.leaks("logging", reason="shows how it is allowed")
def test_clean_where_allowed():
    logging.getLogger("alembic").setLevel(5)

def test_clean_level_repaired():
    assert logging.getLogger("alembic").level == 0 and not logging.getLogger("alembic").disabled

def test_clean_environment_repaired():
    assert "STRATA_LEAK" not in os.environ

def test_clean_application(tmp_path):
    app = new_app(f"sqlite:///{tmp_path}/x.db")
    db = SQLAlchemy(app)
    with app.app_context():
        db.session.execute(text("SELECT 1"))
    KEPT.append(db)

def test_clean_engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()

def test_clean_monkeypatch(monkeypatch, tmp_path):
    monkeypatch.setenv("STRATA_LEAK", "1")
    monkeypatch.chdir(tmp_path)
"""


def test_leaky_test_fails_and_clean_test_passes(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "test_it.py").write_text(SUITE)
    (tmp_path / "conftest.py").write_text("import alembic\npytest_plugins = ['tests.leaks']\n")
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-vrE", "-p", "no:randomly", "--rootdir", tmp_path, tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    ended = [line for line in done.stdout.splitlines() if line.startswith("ERROR")]
    failed = {line.split("::")[1].split(" ")[0] for line in ended}
    told = {line.split("::")[1].split(" ")[0] for line in done.stdout.splitlines() if "PASSED" in line}
    assert failed == {name for name in told if name.startswith("test_leaks_")}, done.stdout
    assert {name for name in told if name.startswith("test_clean_")} == told - failed
    assert len(failed) == 9
    assert "environment: STRATA_LEAK was None, is '1'" in done.stdout
