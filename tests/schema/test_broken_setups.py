"""What a person reads when a set-up is broken: one paragraph that says what is, what was expected, what to type.

Each case breaks a working project (`tests/projects/shop`) in one way, runs one command, and asserts the exit code,
the key sentences, that no traceback is shown, and that files and database are as they were.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import make_url

from app import schema
from app.schema.workflows import explain as explain_package
from app.schema.workflows.explain.trouble import Trouble
from tests.databases.servers import Database
from tests.schema.shop import Shop, readable_folder, unprivileged

PASSWORD = "h0rse-battery"

MakeShop = Callable[..., Shop]
Break = Callable[[Shop], None]


@pytest.fixture
def make_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeShop:
    """Return a function from a database URL to a project that works."""

    def make(url: str | None = None, folder: Path = tmp_path / "shop") -> Shop:
        return Shop(folder, monkeypatch, url)

    return make


@pytest.fixture
def shop(make_shop: MakeShop) -> Shop:
    """A project that works, on SQLite."""
    return make_shop()


@dataclass(frozen=True)
class Case:
    """One broken set-up.

    :param breaks: what makes it so.
    :param command: what is typed after `flask db`.
    :param code: the exit code.
    :param says: sentences of the message; {folder} is the project's folder.
    :param types: the next command to type, or the next thing to do.
    """

    name: str
    breaks: Break
    command: str
    code: int
    says: str
    types: str


def does(*steps: Break) -> Break:
    """One step after the other."""

    def run(shop: Shop) -> None:
        for step in steps:
            step(shop)

    return run


def runs(*args: str) -> Break:
    return lambda shop: shop.succeed(*args) and None


def writes(name: str, content: str) -> Break:
    return lambda shop: shop.write(name, content) and None


def edits(name: str, old: str, new: str) -> Break:
    return lambda shop: shop.edit(name, old, new)


def removes(name: str) -> Break:
    return lambda shop: (shop.folder / name).unlink()


def sql(*statements: str) -> Break:
    return lambda shop: shop.sql(*statements) and None


def adds(revision: str, parent: str | None, body: str = "pass", **more: str) -> Break:
    return lambda shop: shop.revision(revision, parent, body, **more) and None


def nothing(shop: Shop) -> None:
    """The project is fine; the command is not."""


def at(url: str) -> Break:
    """Point the project to another database."""

    def change(shop: Shop) -> None:
        shop.url = url.format(folder=shop.folder)

    return change


FIRST, SECOND = "migrations/versions/0001_create_book.py", "migrations/versions/0002_add_author.py"
OTHER_APPLICATION = does(
    sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"),
    sql("INSERT INTO alembic_version VALUES ('feedbeef0123')"),
)
TWO_HEADS = does(adds("bbbb1111", "aaaa2222"), adds("cccc1111", "aaaa2222"))
UNKNOWN_ID = (
    "The database is at revision 'feedbeef0123', and no file in migrations has that id. "
    "Either the database is ahead of this code, or it belongs to another branch or application."
)

DATABASE = [
    Case(
        "postgresql is down",
        at(f"postgresql+psycopg://shop:{PASSWORD}@127.0.0.1:1/shop"),
        "upgrade",
        1,
        "No answer from PostgreSQL on 127.0.0.1:1: Connection refused. "
        "The database URL is postgresql+psycopg://shop:***@127.0.0.1:1/shop.",
        "Start the server or correct `SQLALCHEMY_DATABASE_URI`, then type `flask db upgrade` again.",
    ),
    Case(
        "mariadb is down",
        at(f"mysql+pymysql://shop:{PASSWORD}@127.0.0.1:1/shop"),
        "current",
        1,
        "No answer from MySQL on 127.0.0.1:1: Can't connect to MySQL server on '127.0.0.1' "
        "([Errno 111] Connection refused).",
        "then type `flask db current` again.",
    ),
    Case(
        "host is unknown",
        at(f"postgresql+psycopg://shop:{PASSWORD}@no-such-host.invalid/shop"),
        "check",
        2,
        "The host 'no-such-host.invalid' of the database URL cannot be found:",
        "Correct `SQLALCHEMY_DATABASE_URI`, then type `flask db check` again.",
    ),
    Case(
        "sqlite folder does not exist",
        at("sqlite:///{folder}/data/shop.db"),
        "upgrade",
        2,
        "The SQLite database '{folder}/data/shop.db' cannot be made: "
        "its folder '{folder}/data' does not exist.",
        "Type `mkdir -p {folder}/data` or correct `SQLALCHEMY_DATABASE_URI`, "
        "then type `flask db upgrade` again.",
    ),
    Case(
        "sqlite path is a folder",
        at("sqlite:///{folder}/migrations"),
        "upgrade",
        2,
        "The SQLite database '{folder}/migrations' cannot be opened: it is a folder.",
        "Correct `SQLALCHEMY_DATABASE_URI`",
    ),
    Case(
        "sqlite can only be read",
        does(runs("upgrade", "aaaa1111"), at("sqlite:///file:{folder}/shop.db?mode=ro&uri=true")),
        "upgrade",
        1,
        "The SQLite database '{folder}/shop.db' can only be read, so that nothing was changed. "
        "File and folder have to be writable: SQLite writes its journal beside the file.",
        "Look at the rights with `ls -ld {folder} {folder}/shop.db`, then type `flask db upgrade` again.",
    ),
    Case(
        "file is not a database",
        writes("shop.db", "These are not the bytes you are looking for. " * 40),
        "upgrade",
        2,
        "The file '{folder}/shop.db' is not a SQLite database, or it is damaged: file is not a database.",
        "Correct `SQLALCHEMY_DATABASE_URI`, or move the file away and type `flask db upgrade` again",
    ),
    Case(
        "version table of another application",
        OTHER_APPLICATION,
        "upgrade",
        4,
        UNKNOWN_ID,
        "Find the file with `git log --all --oneline -S feedbeef0123 -- migrations` and get it back. "
        "If the schema is in truth that of a revision you have, "
        "say so with `flask db stamp --purge <revision>`.",
    ),
    Case("unknown id and migrate", OTHER_APPLICATION, "migrate", 4, UNKNOWN_ID, "flask db stamp --purge"),
    Case("unknown id and downgrade", OTHER_APPLICATION, "downgrade", 4, UNKNOWN_ID, "flask db stamp --purge"),
    Case("unknown id and check", OTHER_APPLICATION, "check", 4, UNKNOWN_ID, "flask db stamp --purge"),
    Case(
        "database is behind",
        runs("upgrade", "aaaa1111"),
        "migrate",
        1,
        "The database is at 'aaaa1111', and the newest revision is 'aaaa2222'. 1 revision pending: aaaa2222.",
        "Type `flask db upgrade` first, then type `flask db migrate` again.",
    ),
    Case(
        "database is empty",
        nothing,
        "check",
        1,
        "The database is at base, with no revision applied, and the newest revision is 'aaaa2222'. "
        "2 revisions pending: aaaa1111, aaaa2222.",
        "Type `flask db upgrade` first, then type `flask db check` again.",
    ),
]

HISTORY = [
    Case(
        "syntax error in a revision",
        edits(SECOND, "def upgrade():", "def upgrade()"),
        "upgrade",
        4,
        "migrations/versions/0002_add_author.py:16 is not valid Python: expected ':'.",
        "Correct that line; every revision file is read by every command.",
    ),
    Case(
        "revision imports what is not there",
        edits(SECOND, "import sqlalchemy as sa", "import sqlalchemy as sa\nimport shop_of_yesterday"),
        "upgrade",
        4,
        "The revision file migrations/versions/0002_add_author.py:8 cannot be loaded: "
        "ModuleNotFoundError: No module named 'shop_of_yesterday'. "
        "A revision should import only alembic, sqlalchemy and the standard library",
        "Correct that line, then type `flask db upgrade` again.",
    ),
    Case(
        "revision raises while it is loaded",
        edits(SECOND, '\nrevision = "', "\nassert 1 == 2, 'never'\nrevision = \""),
        "history",
        4,
        "The revision file migrations/versions/0002_add_author.py:10 cannot be loaded: AssertionError: never.",
        "Correct that line",
    ),
    Case(
        "parent is missing",
        removes(FIRST),
        "heads",
        4,
        "Revision 'aaaa2222' (migrations/versions/0002_add_author.py:11) follows 'aaaa1111', "
        "but no file has that id.",
        "Get the file of 'aaaa1111' back (`git log --all -S aaaa1111 --oneline` finds where it went)",
    ),
    Case(
        "revisions in a circle",
        edits(FIRST, "down_revision = None", "down_revision = 'aaaa2222'"),
        "heads",
        4,
        "The revisions follow each other in a circle: 'aaaa1111' → 'aaaa2222' → 'aaaa1111' "
        "(migrations/versions/0001_create_book.py:11).",
        "Correct the `down_revision` of the one that should come first.",
    ),
    Case(
        "copied revision",
        adds("aaaa1111", None, name="0003_copy"),
        "current",
        4,
        "Revision 'aaaa1111' exists twice: migrations/versions/0001_create_book.py:10 and "
        "migrations/versions/0003_copy.py:5.",
        "Delete the file that is the copy, or give it an id of its own in `revision`.",
    ),
    Case(
        "stray file",
        writes("migrations/versions/notes.py", "# to do\n"),
        "upgrade",
        4,
        "migrations/versions/notes.py:1 is in the versions folder but sets no `revision`.",
        "Move the file out of the folder, or give it `revision` and `down_revision`.",
    ),
    Case(
        "two heads and upgrade",
        TWO_HEADS,
        "upgrade",
        4,
        "The history has more than one head: 'bbbb1111' and 'cccc1111'. "
        "The command needs one, and cannot tell which.",
        'Type `flask db merge -m "merge branches"` to join them, '
        "or `flask db upgrade heads` to take all of them.",
    ),
    Case(
        "two heads and migrate",
        does(
            TWO_HEADS,
            runs("upgrade", "heads"),
            edits("main.py", "author =", "price = db.Column(db.Integer)\n    author ="),
        ),
        "migrate -m price",
        4,
        "The history has more than one head: 'bbbb1111' and 'cccc1111'.",
        'Type `flask db merge -m "merge branches"` to join them.',
    ),
]

ARGUMENTS = [
    Case(
        "unknown revision",
        nothing,
        "upgrade aaaa1112",
        2,
        "There is no revision 'aaaa1112' in migrations. Did you mean 'aaaa1111'?",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "unknown revision to stamp",
        nothing,
        "stamp zzzz9999",
        2,
        "There is no revision 'zzzz9999' in migrations.",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "unknown revision to show",
        nothing,
        "show zzzz9999",
        2,
        "There is no revision 'zzzz9999' in migrations.",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "ambiguous beginning",
        nothing,
        "upgrade aaaa",
        2,
        "'aaaa' is the beginning of 2 revisions: 'aaaa1111' and 'aaaa2222'.",
        "Type more characters of the one you mean.",
    ),
    Case(
        "new id of 33 characters",
        runs("upgrade"),
        f"revision -m long --rev-id {'d' * 33}",
        2,
        f"The revision id '{'d' * 33}' has 33 characters. The version table holds 32.",
        "Give a shorter `--rev-id`, or none.",
    ),
    Case(
        "new id with a forbidden character",
        runs("upgrade"),
        "revision -m forbidden --rev-id add-author",
        2,
        "Character(s) '-' not allowed in revision identifier 'add-author'. "
        "An id is made of letters, digits and underscores.",
        "Give another `--rev-id`, or none, and type `flask db revision` again.",
    ),
    Case(
        "new id that exists",
        runs("upgrade"),
        "revision -m again --rev-id aaaa1111",
        2,
        "There is a revision 'aaaa1111' already: migrations/versions/0001_create_book.py.",
        "Give another `--rev-id`, or none.",
    ),
    Case(
        "rebuild of a table as SQL",
        runs("upgrade"),
        "downgrade --sql",
        1,
        "downgrade() of revision 'aaaa2222' (add author) failed at "
        "migrations/versions/0002_add_author.py:21: CommandError: This operation cannot proceed in --sql mode",
        "Correct the file, or run it on a database without `--sql`; then type `flask db downgrade` again.",
    ),
    Case(
        "parent that is not a head",
        nothing,
        "revision -m branch --head aaaa1111",
        1,
        "Revision aaaa1111 is not a head revision",
        "--splice",
    ),
    Case(
        "migrate as SQL",
        runs("upgrade"),
        "migrate --sql",
        2,
        "`--sql` cannot show what a new revision would hold: finding that out needs the database.",
        "Leave `--sql` out; then see its SQL with `flask db upgrade --sql`.",
    ),
    Case(
        "more steps up than there are",
        nothing,
        "upgrade +9",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "more steps down than there are",
        runs("upgrade"),
        "downgrade -- -9",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "more steps above a revision than there are",
        nothing,
        "upgrade aaaa1111+9",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "upgrade that would go down",
        runs("upgrade"),
        "upgrade -1",
        2,
        "`flask db upgrade` goes up, and a step that begins with - goes the other way.",
        "Type `flask db downgrade` with the same steps.",
    ),
    Case(
        "downgrade that would go up",
        runs("upgrade", "aaaa1111"),
        "downgrade +1",
        2,
        "`flask db downgrade` goes down, and a step that begins with + goes the other way.",
        "Type `flask db upgrade` with the same steps.",
    ),
    Case(
        "symbol with a typing error",
        nothing,
        "upgrade haed",
        2,
        "There is no revision 'haed' in migrations. Did you mean 'head'?",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "command with a typing error",
        nothing,
        "upgrad",
        2,
        "No such command 'upgrad'. Did you mean 'upgrade'?",
        "db --help' for help.",
    ),
    Case(
        "stamp of two revisions that follow each other",
        nothing,
        "stamp aaaa2222 aaaa1111",
        2,
        "`stamp` was given 'aaaa2222' together with what it follows: 'aaaa1111'. "
        "Several revisions have to be on branches of their own.",
        "Type `flask db stamp aaaa2222`.",
    ),
    Case(
        "merge of one revision",
        nothing,
        "merge aaaa2222",
        2,
        "`merge` was given one revision: aaaa2222. Joining needs two or more.",
        "Name the others too, or none: `flask db merge` joins all heads.",
    ),
    Case(
        "downgrade of an empty database",
        nothing,
        "downgrade",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "history without a range",
        nothing,
        "history -r aaaa1111",
        2,
        "'aaaa1111' is no range of revisions.",
        "A range is [start]:[end], [start]: or :[end].",
    ),
    Case(
        "folder that does not exist",
        nothing,
        "upgrade --directory nowhere",
        2,
        "There is no migrations folder: 'nowhere'",
        "Type `flask db init` to make one, or say where it is with `--directory`.",
    ),
    Case(
        "folder that exists is made again",
        nothing,
        "init",
        1,
        "Directory migrations already exists and is not empty; nothing was changed.",
        "Give another one with `--directory`, or go on with this one: `flask db migrate`.",
    ),
]

FILES = [
    Case(
        "env.py is missing",
        removes("migrations/env.py"),
        "current",
        2,
        "The migrations folder migrations has no env.py.",
        "Get it back with `git checkout -- migrations/env.py`",
    ),
    Case(
        "template is missing",
        does(runs("upgrade"), removes("migrations/script.py.mako")),
        "revision -m more",
        2,
        "The migrations folder migrations has no script.py.mako.",
        "Get it back with `git checkout -- migrations/script.py.mako`",
    ),
    Case(
        "env.py raises",
        writes("migrations/env.py", "from alembic import context\n\nraise LookupError('no luck')\n"),
        "current",
        2,
        "migrations/env.py:3 raised LookupError: no luck.",
        "Correct that line",
    ),
    Case(
        "env.py is not Python",
        writes("migrations/env.py", "from alembic import\n"),
        "current",
        4,
        "migrations/env.py:1 is not valid Python:",
        "Correct that line, then type `flask db current` again.",
    ),
    Case(
        "Migrate has no database",
        edits("main.py", "migrate.init_app(app, db)", "migrate.init_app(app)"),
        "current",
        2,
        "`Migrate` knows no database: it was initialised without the `SQLAlchemy` object.",
        "Write `migrate.init_app(app, db)`.",
    ),
    Case(
        "Migrate has another SQLAlchemy object",
        edits("main.py", "migrate.init_app(app, db)", "migrate.init_app(app, SQLAlchemy())"),
        "current",
        2,
        "Two `SQLAlchemy()` objects are in use: the one that `Migrate` was given is not the one of this "
        "application. There has to be one, made in one module and imported everywhere else.",
        "Look for the second with `grep -rn 'SQLAlchemy()' --include='*.py' .`.",
    ),
]

STEPS = [
    Case(
        "revision raises",
        does(
            runs("upgrade", "aaaa1111"),
            edits(SECOND, "    op.add_column", "    raise LookupError('no luck')\n#"),
        ),
        "upgrade",
        1,
        "upgrade() of revision 'aaaa2222' (add author) failed at migrations/versions/0002_add_author.py:17: "
        "LookupError: no luck.",
        "Correct the file, then type `flask db upgrade` again.",
    ),
    Case(
        "downgrade raises",
        does(
            runs("upgrade"),
            edits(SECOND, "    with op.batch", "    raise NotImplementedError\n    with op.batch"),
        ),
        "downgrade",
        1,
        "downgrade() of revision 'aaaa2222' (add author) failed at "
        "migrations/versions/0002_add_author.py:21: NotImplementedError: no message.",
        "Correct the file, then type `flask db downgrade` again.",
    ),
    Case(
        "SQL error in a revision",
        does(runs("upgrade"), adds("bbbb1111", "aaaa2222", "op.execute('DELETE FROM nowhere')")),
        "upgrade",
        1,
        "upgrade() of revision 'bbbb1111' (bbbb1111) failed at migrations/versions/bbbb1111.py:8: "
        "SQLite says: no such table: nowhere. The statement was: DELETE FROM nowhere.",
        "Correct the file, then type `flask db upgrade` again.",
    ),
    Case(
        "table exists already",
        sql("CREATE TABLE book (id INTEGER PRIMARY KEY, title VARCHAR(100) NOT NULL)"),
        "upgrade",
        1,
        "upgrade() of revision 'aaaa1111' (create book) failed at "
        "migrations/versions/0001_create_book.py:17: SQLite says: table book already exists.",
        "type `flask db stamp aaaa1111` to say so; otherwise remove it and type `flask db upgrade` again.",
    ),
]


def shown(result: Any) -> str:
    """What a person reads on stderr, on one line."""
    return re.sub(r"\s+", " ", result.stderr)


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[list[schema.SchemaError]]:
    """For each trouble that was explained: what every module that claims it says."""
    seen: list[list[schema.SchemaError]] = []
    ask = explain_package.explanations

    def noted(trouble: Trouble) -> Iterator[schema.SchemaError]:
        seen.append(list(ask(trouble)))
        return iter(seen[-1])

    monkeypatch.setattr(explain_package, "explanations", noted)
    return seen


def check(shop: Shop, case: Case) -> None:
    before = shop.state()
    result = shop.db(*case.command.split())
    text = shown(result)
    assert "Traceback" not in result.output
    assert PASSWORD not in result.output
    assert case.says.format(folder=shop.folder) in text
    assert case.types.format(folder=shop.folder) in text
    assert result.exit_code == case.code
    assert shop.state() == before


@pytest.mark.parametrize(
    "case", [*DATABASE, *HISTORY, *ARGUMENTS, *FILES, *STEPS], ids=lambda case: case.name
)
def test_broken_setup_is_explained_once_and_left_alone(
    shop: Shop, case: Case, claims: list[list[schema.SchemaError]]
) -> None:
    case.breaks(shop)
    check(shop, case)
    assert all(len(claim) == 1 for claim in claims)
    assert claims or case not in DATABASE


@pytest.mark.parametrize("command", ["upgrade", "downgrade", "stamp", "show"])
def test_empty_revision_is_refused(shop: Shop, command: str) -> None:
    shop.succeed("upgrade", "aaaa1111")
    before = shop.state()
    result = shop.db(command, "")
    assert "The revision is empty. A shell variable in the command may have no value." in shown(result)
    assert "Type a revision, or `head` or `base`." in shown(result)
    assert result.exit_code == 2
    assert shop.state() == before


@pytest.mark.parametrize("command", ["current", "heads", "history", "history -i", "branches"])
def test_version_table_of_another_application_does_not_stop_looking(shop: Shop, command: str) -> None:
    OTHER_APPLICATION(shop)
    shop.succeed(*command.split())


def test_current_names_the_unknown_revision(shop: Shop) -> None:
    OTHER_APPLICATION(shop)
    assert "feedbeef0123" in shop.succeed("current").output


@pytest.mark.parametrize(
    ("engine_name", "change", "code", "says"),
    [
        ("postgresql", {"username": "nobody_here"}, 2, "refused the log-in: "),
        ("postgresql", {"database": "nowhere_db"}, 2, "has no database 'nowhere_db'."),
        (
            "mariadb",
            {"username": "root", "password": PASSWORD},
            2,
            "refused the log-in: Access denied for user",
        ),
        ("mariadb", {"database": "nowhere_db"}, 2, "has no database 'nowhere_db'."),
    ],
    indirect=["engine_name"],
)
def test_server_that_refuses_the_url(
    make_shop: MakeShop, database: Database, change: dict[str, str], code: int, says: str
) -> None:
    shop = make_shop(database.url)
    shop.url = make_url(database.url).set(**change).render_as_string(hide_password=False)
    result = shop.db("upgrade")
    assert says in shown(result)
    assert "`SQLALCHEMY_DATABASE_URI`, then type `flask db upgrade` again." in shown(result)
    assert PASSWORD not in result.output
    assert "Traceback" not in result.output
    assert result.exit_code == code


def test_revision_that_fails_half_way_says_what_is_applied(make_shop: MakeShop, database: Database) -> None:
    shop = make_shop(database.url)
    shop.revision(
        "bbbb1111",
        "aaaa2222",
        "op.create_table('shelf', sa.Column('id', sa.Integer)); op.execute('DELETE FROM nowhere')",
    )
    shop.revision("cccc1111", "bbbb1111")
    result = shop.db("upgrade")
    text = shown(result)
    assert result.exit_code == 1
    assert "upgrade() of revision 'bbbb1111' (bbbb1111) failed at migrations/versions/bbbb1111.py:8:" in text
    assert "The statement was: DELETE FROM nowhere." in text
    assert "revision 'aaaa2222'" in text
    assert shop.sql("SELECT version_num FROM alembic_version") == [("aaaa2222",)]
    kept = {
        "sqlite": "Everything that 'bbbb1111' had done was rolled back.",
        "postgresql": "Everything that 'bbbb1111' had done was rolled back.",
        "mariadb": "MariaDB cannot undo a schema change: what 'bbbb1111' did before that line is there.",
    }
    assert kept[database.engine] in text
    tables = shop.state()[1]
    assert tables is not None
    assert ("shelf" in tables) == (database.engine == "mariadb")


def test_failure_under_an_old_env_py_does_not_promise_what_was_not_rolled_back(
    make_shop: MakeShop, database: Database
) -> None:
    shop = make_shop(database.url)
    old = Path(flask_migrate.__file__).parent / "templates" / "flask" / "env.py"
    shop.write("migrations/env.py", old.read_text(encoding="utf-8"))
    shop.revision(
        "bbbb1111", "aaaa2222", "op.create_table('shelf', sa.Column('id', sa.Integer)); op.drop_table('no')"
    )
    text = shown(shop.db("upgrade"))
    tables = shop.state()[1]
    assert tables is not None
    assert ("shelf" in tables) == (database.engine != "postgresql")
    assert ("was rolled back" in text) == (database.engine == "postgresql")
    assert ("What 'bbbb1111' did before that line may be there still." in text) == (
        database.engine == "sqlite"
    )


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_revision_that_commits_by_itself_is_not_said_to_be_rolled_back(
    make_shop: MakeShop, database: Database
) -> None:
    shop = make_shop(database.url)
    kept = (
        "op.create_table('shelf', sa.Column('id', sa.Integer)); op.get_bind().commit(); op.drop_table('no')"
    )
    shop.revision("bbbb1111", "aaaa2222", kept)
    text = shown(shop.db("upgrade"))
    assert "upgrade() of revision 'bbbb1111' (bbbb1111) failed at" in text
    assert "rolled back" not in text


def test_statement_before_configure_in_env_py_is_no_success(make_shop: MakeShop, database: Database) -> None:
    shop = make_shop(database.url)
    shop.succeed("upgrade", "aaaa1111")
    shop.write(
        "migrations/env.py",
        "from alembic import context\n"
        "from flask import current_app\n"
        "db = current_app.extensions['migrate'].db\n"
        "with db.engine.connect() as connection:\n"
        "    connection.exec_driver_sql('SELECT 1')\n"
        "    context.configure(connection=connection, target_metadata=db.metadata)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n",
    )
    result = shop.db("upgrade")
    assert (
        "The revisions ran, but the database stands at revision 'aaaa1111': what they did was not kept. "
        "It should stand at revision 'aaaa2222'." in shown(result)
    )
    assert "Move it behind `context.begin_transaction()`, or commit it." in shown(result)
    assert result.exit_code == 1


def test_locked_database_is_busy(shop: Shop) -> None:
    shop.succeed("upgrade", "aaaa1111")
    holder = threading.Event()
    done = threading.Event()

    def hold() -> None:
        connection = sqlite3.connect(shop.folder / "shop.db", isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        holder.set()
        done.wait(30)
        connection.rollback()
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    holder.wait(30)
    shop.url += "?timeout=0.1"
    try:
        result = shop.db("upgrade")
    finally:
        done.set()
        thread.join()
    assert result.exit_code == 3
    assert f"The SQLite database '{shop.folder}/shop.db' is locked by another connection" in shown(result)
    assert "then type `flask db upgrade` again." in shown(result)


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_id_that_the_version_table_cannot_hold_is_refused_before_it_runs(
    make_shop: MakeShop, database: Database
) -> None:
    shop = make_shop(database.url)
    long_id = "d" * 33
    shop.revision(long_id, "aaaa2222", "op.create_table('shelf', sa.Column('id', sa.Integer))")
    result = shop.db("upgrade")
    assert (
        f"The id of revision '{long_id}' has 33 characters, and the version table 'alembic_version' holds 32. "
        "Nothing was run." in shown(result)
    )
    assert "Shorten `revision` in its file" in shown(result)
    assert result.exit_code == 4
    tables = shop.state()[1]
    assert tables is not None
    assert "book" not in tables


@pytest.fixture
def open_shop(make_shop: MakeShop) -> Iterator[Shop]:
    """A project in a folder that users without rights may enter."""
    with readable_folder() as folder:
        yield make_shop(folder=folder / "shop")


def test_versions_folder_that_cannot_be_written(open_shop: Shop) -> None:
    open_shop.succeed("upgrade")
    app = open_shop.app()
    before = open_shop.state()
    open_shop.versions.chmod(0o555)
    with unprivileged():
        result = app.test_cli_runner().invoke(args=["db", "revision", "-m", "more"])
    open_shop.versions.chmod(0o755)
    assert result.exit_code == 1
    assert "cannot be written: Permission denied." in shown(result)
    assert "Look at the rights with `ls -ld migrations/versions" in shown(result)
    assert open_shop.state() == before


@pytest.mark.parametrize(
    "message",
    [
        'three """ quotes',
        'ends with a quote"',
        "ends with a backslash\\",
        r"a C:\new\x path",
        "100 % of %(rev)s and %s",
        "two\nlines",
        "x" * 500,
        "añadir 🎂 column",
        "${context} <%page>",
        "'; drop table book; --",
        "",
    ],
)
def test_any_message_makes_a_revision_that_works(shop: Shop, message: str) -> None:
    shop.succeed("upgrade")
    shop.succeed("revision", "-m", message, "--rev-id", "bbbb1111")
    shop.succeed("upgrade")
    shop.succeed("history", "-v")
    assert shop.sql("SELECT version_num FROM alembic_version") == [("bbbb1111",)]


def test_merge_without_arguments_joins_the_heads(shop: Shop) -> None:
    TWO_HEADS(shop)
    shop.succeed("merge", "-m", "join")
    assert len(shop.succeed("heads").stdout.split("\n")) == 2
    shop.succeed("upgrade")


def test_merge_without_arguments_and_one_head_writes_nothing(shop: Shop) -> None:
    before = shop.state()
    result = shop.db("merge")
    assert "one head" in result.output
    assert shop.state() == before


NO_MODELS = edits("main.py", "class Book(db.Model)", "class Book(SQLAlchemy().Model)")


def test_models_that_are_not_loaded_do_not_empty_the_database(shop: Shop) -> None:
    shop.succeed("upgrade")
    NO_MODELS(shop)
    before = shop.state()
    result = shop.db("migrate", "-m", "oops")
    assert (
        "No models are loaded: the metadata has no table, and the history has 2 revisions. "
        "Comparing it would drop every table of the database." in shown(result)
    )
    assert "make sure that they belong to the `SQLAlchemy()` object that `Migrate` was given." in shown(
        result
    )
    assert result.exit_code == 2
    assert shop.state() == before


def test_module_with_models_that_was_never_imported_is_named(shop: Shop) -> None:
    shop.succeed("upgrade")
    shop.write("models.py", "from main import db\n\n\nclass Reader(db.Model):\n    pass\n")
    NO_MODELS(shop)
    result = shop.db("migrate", "-m", "oops")
    assert "defines models and was not imported: models.py." in shown(result).replace(
        "what defines", "defines"
    )
    assert result.exit_code == 2


def test_revision_that_drops_the_table_of_a_module_never_imported_warns(shop: Shop) -> None:
    shop.succeed("upgrade")
    shop.sql("CREATE TABLE reader (id INTEGER PRIMARY KEY)")
    shop.write("readers.py", "from main import db\n\n\nclass Reader(db.Model):\n    pass\n")
    result = shop.succeed("migrate", "-m", "oops")
    assert (
        "This revision drops table 'reader' with all rows: no model that was loaded has that name."
        in shown(result)
    )
    assert "These define models and were not imported: readers.py." in shown(result)
    (shop.folder / "readers.py").unlink()
    next(shop.versions.glob("*_oops.py")).unlink()
    alone = shown(shop.succeed("revision", "--autogenerate", "-m", "again"))
    assert "drops table 'reader'" in alone
    assert "not imported" not in alone


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
