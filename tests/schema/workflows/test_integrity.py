"""Files, ledger and version table are compared before an upgrade runs anything, however it is started."""

from __future__ import annotations

from pathlib import Path

import alembic.command
import flask_migrate
import pytest
from alembic.util import CommandError
from sqlalchemy import Engine, event

from app import schema
from app.schema.core.entry import Kind
from app.schema.core.errors import HistoryBroken
from tests.schema.conftest import Project, create
from tests.schema.ledger.test_books import ledger
from tests.schema.old_env import GET_ENGINE

pytestmark = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated:DeprecationWarning")

REVISION = '''"""Make one"""
from alembic import op
import sqlalchemy as sa

revision = "aaa"
down_revision = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)))


def downgrade():
    op.drop_table("one")
'''


@pytest.fixture
def applied(project: Project) -> Project:
    """A project whose revisions 'aaa' and 'bbb' are applied."""
    write(project, REVISION)
    project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    project.flask("db", "upgrade")
    return project


def write(project: Project, source: str) -> Path:
    path = project.folder / "versions" / "aaa_make_one.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source)
    return path


def edit(project: Project, old: str, new: str) -> None:
    assert old in REVISION
    write(project, REVISION.replace(old, new))


EDITED = ("sa.String(50)", "sa.String(80)")


@pytest.mark.parametrize("pending", [False, True])
def test_revision_that_does_something_else_now_stops_the_upgrade(applied: Project, *, pending: bool) -> None:
    applied.app.config["SCHEMA_CODE_VERSION"] = "release 8"
    edit(applied, *EDITED)
    if pending:
        applied.revision("ccc", "bbb", upgrade=create("three"))
    result = applied.flask("db", "upgrade", ok=False)
    assert result.exit_code == 4
    (entry,) = [it for it in ledger(applied) if it.revision == "aaa" and it.result.value == "done"]
    assert "'aaa' was edited: it does something else now" in result.stderr
    assert (
        f"applied on {entry.ended_at:%Y-%m-%d at %H:%M} UTC by {entry.user} on {entry.host}" in result.stderr
    )
    assert '-    op.create_table("one", sa.Column("id"' in result.stderr
    assert 'sa.Column("name", sa.String(80)))' in result.stderr
    assert "flask db recover aaa --force" in result.stderr
    assert 'flask db verify --accept aaa --reason "why"' in result.stderr
    assert "three" not in applied.tables()
    assert applied.version() == ["bbb"]


@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 3 calls fileConfig")
@pytest.mark.parametrize("old", [False, True], ids=["our env.py", "old env.py"])
def test_however_the_upgrade_is_started(applied: Project, *, old: bool) -> None:
    if old:
        (applied.folder / "env.py").write_text(GET_ENGINE)
    edit(applied, *EDITED)
    with applied.app.app_context():
        with pytest.raises(HistoryBroken, match="it does something else now"):
            schema.upgrade()
        with pytest.raises(CommandError, match="it does something else now"):
            alembic.command.upgrade(applied.migrate.get_config(), "head")
        with pytest.raises(SystemExit):
            flask_migrate.upgrade()
    assert applied.flask("db", "upgrade", ok=False).exit_code == 4


def test_code_that_applied_it_is_named(project: Project) -> None:
    project.app.config["SCHEMA_CODE_VERSION"] = "a" * 40
    write(project, REVISION)
    project.flask("db", "upgrade")
    edit(project, *EDITED)
    assert "by code aaaaaaaaaa." in project.flask("db", "upgrade", ok=False).stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\n\n", "\n\n# a comment\n\n"),
        ('"""Make one"""', '"""Make the first table"""'),
        ("def upgrade():", "def upgrade() -> None:"),
        ('revision = "aaa"', 'revision: str = "aaa"'),
        ("sa.Integer()", "sa.Integer"),
        ('"one", sa', '"o" + "ne", sa'),
        ("    op.create_table(", "    make = op.create_table\n    make("),
        ("\n", "\r\n"),
        ("\n\n\n", "\n"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_edit_that_changes_nothing_is_a_note_at_most(applied: Project, old: str, new: str) -> None:
    edit(applied, old, new)
    result = applied.flask("db", "upgrade")
    told = [line for line in result.stderr.splitlines() if "INFO" not in line]
    assert len(told) <= 1
    assert all("differ from what was applied in their text only: 'aaa'" in line for line in told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sa.String(50)", "sa.String(50), nullable=False"),
        ("sa.String(50)", "sa.Text()"),
        ('"name"', '"title"'),
        ('    op.create_table("one"', '    op.execute("SELECT 1")\n    op.create_table("one"'),
        (
            "    op.create_table(",
            "    with op.batch_alter_table('two') as batch:\n        batch.drop_column('x')\n    op.create_table(",
        ),
    ],
)
@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_edit_that_changes_something_is_refused(applied: Project, old: str, new: str) -> None:
    edit(applied, old, new)
    assert applied.flask("db", "upgrade", ok=False).exit_code == 4


def test_edit_of_the_downgrade_is_a_warning(applied: Project) -> None:
    edit(applied, '    op.drop_table("one")', "    pass")
    result = applied.flask("db", "upgrade")
    assert (
        "Warning: The file of revision 'aaa' was edited: its upgrade is the same, but going back now"
        in result.stderr
    )


def test_edit_whose_effect_cannot_be_told_is_a_warning(project: Project) -> None:
    loop = '    for row in op.get_bind().execute(sa.text("SELECT id FROM one")):\n        op.execute("SELECT 1")\n'
    write(project, REVISION.replace("\n\n\ndef downgrade", f"\n{loop}\n\ndef downgrade"))
    project.flask("db", "upgrade")
    write(
        project,
        REVISION.replace("\n\n\ndef downgrade", f"\n{loop.replace('SELECT 1', 'SELECT 2')}\n\ndef downgrade"),
    )
    result = project.flask("db", "upgrade")
    assert "whether it still does the same cannot be told without a database" in result.stderr


def test_harmless_edit_is_compared_once(applied: Project) -> None:
    edit(applied, "\n\n\n", "\n\n# a comment\n\n")
    assert "text only" in applied.flask("db", "upgrade").stderr
    applied.revision("ccc", "bbb")
    assert "text only" in applied.flask("db", "upgrade").stderr
    assert "text only" not in applied.flask("db", "upgrade").stderr
    repair = next(it for it in ledger(applied) if it.kind is Kind.REPAIR)
    assert (repair.revision, repair.direction, repair.note) == ("aaa", "upgrade", "edited, and does the same")


def test_revision_put_in_below_what_is_applied_is_not_passed_over(applied: Project) -> None:
    applied.revision("mid", "aaa", upgrade=create("between"))
    path = applied.folder / "versions" / "bbb_.py"
    path.write_text(path.read_text().replace("down_revision = 'aaa'", "down_revision = 'mid'"))
    result = applied.flask("db", "upgrade", ok=False)
    assert result.exit_code == 4
    assert (
        "Revision 'mid' stands below 'bbb', where this database is, and was never run here" in result.stderr
    )


def test_revision_without_a_file_whose_followers_were_moved_is_named(applied: Project) -> None:
    (applied.folder / "versions" / "aaa_make_one.py").unlink()
    path = applied.folder / "versions" / "bbb_.py"
    path.write_text(path.read_text().replace("down_revision = 'aaa'", "down_revision = None"))
    result = applied.flask("db", "upgrade", ok=False)
    assert result.exit_code == 4
    assert "Revision 'aaa' is applied, and no file has that id. It was applied on" in result.stderr
    assert "flask db recover aaa" in result.stderr


def test_squash_that_says_what_it_replaces_is_no_problem(applied: Project) -> None:
    for path in (applied.folder / "versions").glob("*.py"):
        path.unlink()
    one = create("one").replace("primary_key=True)", 'primary_key=True), sa.Column("name", sa.String(50))')
    path = applied.revision("squash", None, upgrade=f"{one}\n    {create('two')}")
    path.write_text(path.read_text().replace("down_revision", 'replaces = ["aaa", "bbb"]\ndown_revision', 1))
    applied.flask("db", "stamp", "--purge", "squash")
    assert applied.flask("db", "upgrade").exit_code == 0


def test_other_order_than_that_of_the_files_is_a_warning(project: Project) -> None:
    project.revision("aaa")
    project.revision("bbb")
    project.flask("db", "upgrade", "aaa")
    project.flask("db", "upgrade", "bbb")
    project.revision("aaa", "bbb")
    project.rows("DELETE FROM alembic_version WHERE version_num = 'bbb'")
    project.revision("ccc", "aaa")
    assert (
        "Revision 'aaa' follows 'bbb' by its file, and was applied before"
        in project.flask("db", "upgrade").stderr
    )


def test_version_table_that_somebody_moved_back_is_a_warning(applied: Project) -> None:
    applied.rows("UPDATE alembic_version SET version_num = 'aaa'")
    applied.rows("DROP TABLE two")
    result = applied.flask("db", "upgrade")
    assert "The version table says 'aaa', and the last entry of the ledger left it at 'bbb'" in result.stderr
    assert "Applied by the ledger, and not by the version table: 'bbb'" in result.stderr
    assert [
        (it.revision, it.kind.value, it.direction) for it in ledger(applied) if it.result.value == "done"
    ][2:] == [
        ("bbb", "adopt", "downgrade"),
        ("bbb", "upgrade", "upgrade"),
    ]


def test_stamp_and_downgrade_are_not_refused(applied: Project) -> None:
    edit(applied, *EDITED)
    applied.flask("db", "downgrade", "aaa")
    applied.flask("db", "stamp", "--force", "bbb")


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_looking_where_nothing_is_pending_costs_two_queries(applied: Project) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    def queries() -> int:
        statements.clear()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            applied.flask("db", "upgrade")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(statements)

    applied.flask("db", "upgrade")
    with_ledger = queries()
    applied.rows("DROP TABLE schema_ledger")
    assert queries() == with_ledger - 1


def test_refusal_names_every_reason(applied: Project) -> None:
    edit(applied, *EDITED)
    path = applied.folder / "versions" / "bbb_.py"
    path.write_text(path.read_text().replace('"two", sa', '"second", sa'))
    result = applied.flask("db", "upgrade", ok=False)
    assert "in 2 places: (1) The file of revision 'aaa'" in result.stderr
    assert "(2) The file of revision 'bbb'" in result.stderr


def test_long_difference_is_shown_in_part(applied: Project) -> None:
    many = "\n".join(f'    op.execute("SELECT {number}")' for number in range(200))
    write(applied, REVISION.replace("    op.create_table(", f"{many}\n    op.create_table("))
    result = applied.flask("db", "upgrade", ok=False)
    assert len(result.stderr.splitlines()) < 80
    assert "more lines" in result.stderr
