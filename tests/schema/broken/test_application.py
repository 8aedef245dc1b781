"""Applications that cannot be loaded, and what holds however a command fails."""

from __future__ import annotations

import threading

import pytest

from app import schema
from tests.schema.broken.cases import (
    PASSWORD,
    Case,
    at,
    edits,
    shown,
)
from tests.schema.shop import Shop

NOT_LOADED = [
    Case(
        "Migrate was never initialised",
        edits("main.py", "migrate.init_app(app, db)", "pass"),
        "upgrade",
        2,
        "The application 'main' has no command 'db': no `Migrate` is attached to it.",
        "Write `migrate.init_app(app, db)` in the function that makes the application.",
    ),
    Case(
        "application imports what is not there",
        edits("main.py", "import os", "import os\nimport module_of_yesterday"),
        "upgrade",
        2,
        "The application cannot be imported: ModuleNotFoundError: No module named 'module_of_yesterday', at main.py:6.",
        "Install what is missing with `pip install -r requirements.txt`, or correct that line.",
    ),
    Case(
        "database URL that cannot be read",
        at("a database"),
        "upgrade",
        2,
        "The database URL cannot be read. It has to look like postgresql+psycopg://user@host:5432/name",
        "Correct `SQLALCHEMY_DATABASE_URI`.",
    ),
    Case(
        "database product that nobody knows",
        at(f"postgresqll://shop:{PASSWORD}@127.0.0.1/shop"),
        "upgrade",
        2,
        "The database URL starts with 'postgresqll', which SQLAlchemy does not know.",
        "Correct `SQLALCHEMY_DATABASE_URI`.",
    ),
    Case(
        "driver that is not installed",
        at(f"postgresql+psycopg2://shop:{PASSWORD}@127.0.0.1/shop"),
        "upgrade",
        2,
        "The database URL needs the driver 'psycopg2', which is not installed.",
        "Type `pip install psycopg2-binary`, or write `postgresql+psycopg://` to use psycopg 3.",
    ),
    Case(
        "second SQLAlchemy object on the application",
        edits("main.py", "db.init_app(app)", "db.init_app(app)\n    SQLAlchemy().init_app(app)"),
        "upgrade",
        2,
        "Two `SQLAlchemy()` objects are in use",
        "Look for the second with `grep -rn 'SQLAlchemy()' --include='*.py' .`.",
    ),
]


@pytest.mark.parametrize("case", NOT_LOADED, ids=lambda case: case.name)
def test_application_that_cannot_be_loaded_is_explained(shop: Shop, case: Case) -> None:
    case.breaks(shop)
    result = shop.process("--app", "main", "db", *case.command.split(), module="app.schema")
    assert case.says in shown(result)
    assert case.types in shown(result)
    assert "Traceback" not in result.stderr
    assert PASSWORD not in result.stdout + result.stderr
    assert result.returncode == case.code
    assert not (shop.folder / "shop.db").exists()


def test_program_of_the_engine_runs_the_commands_of_flask(shop: Shop) -> None:
    result = shop.process("--app", "main", "db", "upgrade", module="app.schema")
    assert result.returncode == 0, result.stderr
    assert shop.sql("SELECT version_num FROM alembic_version") == [("aaaa2222",)]
    assert "Endpoint" in shop.process("--app", "main", "routes", module="app.schema").stdout


def test_flask_itself_names_the_import_that_failed(shop: Shop) -> None:
    shop.edit("main.py", "import os", "import os\nimport module_of_yesterday")
    result = shop.process("--app", "main", "db", "upgrade")
    assert "No module named 'module_of_yesterday'" in result.stderr
    assert result.returncode == 2


def test_two_threads_at_once_are_refused(shop: Shop) -> None:
    shop.revision("bbbb1111", "aaaa2222", "import time; time.sleep(1)")
    errors: list[schema.SchemaError] = []
    start = threading.Barrier(2)

    def run() -> None:
        app = shop.module().create_app(shop.url)
        start.wait(10)
        try:
            with app.app_context():
                schema.upgrade()
        except schema.SchemaError as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [str(error).split(".")[0] for error in errors] == [
        "Another thread of this process is running a schema command"
    ]
    assert shop.sql("SELECT version_num FROM alembic_version") == [("bbbb1111",)]


def test_traceback_is_shown_only_when_asked_for(shop: Shop) -> None:
    shop.revision("bbbb1111", "aaaa2222", "raise LookupError('no luck')")
    result = shop.process("--app", "main", "db", "upgrade", "--traceback")
    assert "Traceback (most recent call last)" in result.stderr
    assert "LookupError: no luck" in result.stderr
    assert result.returncode == 1
    assert "Traceback" not in shop.process("--app", "main", "db", "upgrade").stderr


def test_ini_that_silences_the_loggers_does_not_silence_the_error(shop: Shop) -> None:
    sections = "\n".join(
        [
            "[loggers]\nkeys = root",
            "[handlers]\nkeys = console",
            "[formatters]\nkeys = plain",
            "[logger_root]\nlevel = CRITICAL\nhandlers = console\nqualname =",
            "[handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\nlevel = CRITICAL\nformatter = plain",
            "[formatter_plain]\nformat = %(message)s",
        ]
    )
    shop.write("migrations/alembic.ini", f"[alembic]\n{sections}\n")
    result = shop.db("upgrade", "zzzz9999")
    assert result.stderr == (
        "Error: There is no revision 'zzzz9999' in migrations. Type `flask db history` to see all revisions.\n"
    )
    assert result.exit_code == 2
