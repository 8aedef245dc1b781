from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tests.schema.conftest import Project


def test_migrate_writes_what_the_models_have_more(project: Project) -> None:
    class Note(project.db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes the class
        id: Mapped[int] = mapped_column(primary_key=True)

    result = project.flask("db", "migrate", "-m", "Create note")
    assert result.stdout.startswith(f"Generating {project.folder}/versions/2")
    assert result.stdout.endswith("_create_note.py ...  done\n")
    assert "Detected added table 'note'" in result.stderr
    project.flask("db", "upgrade")
    assert "note" in project.tables()


def test_migrate_writes_nothing_where_nothing_changed(project: Project) -> None:
    class Note(project.db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes the class
        id: Mapped[int] = mapped_column(primary_key=True)

    assert "_create_note.py" in project.flask("db", "migrate").stdout
    project.flask("db", "upgrade")
    result = project.flask("db", "migrate", "-m", "Nothing")
    assert "INFO  [alembic.env] No changes in schema detected." in result.stderr
    assert result.stdout == ""
    assert len(list((project.folder / "versions").glob("*.py"))) == 1


def test_migrate_as_sql_is_refused(sqlite_project: Project) -> None:
    result = sqlite_project.flask("db", "migrate", "--sql", ok=False)
    assert result.exit_code == 2
    assert "`--sql` cannot show what a new revision would hold" in result.stderr
