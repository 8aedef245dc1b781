from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tests.schema.conftest import Project


def test_check_lists_what_a_new_revision_would_hold(project: Project) -> None:
    class Note(project.db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes the class
        id: Mapped[int] = mapped_column(primary_key=True)

    result = project.flask("db", "check", ok=False)
    assert result.exit_code == 1
    assert "note" in result.stderr
    project.flask("db", "migrate", "-m", "Create note")
    project.flask("db", "upgrade")
    assert project.flask("db", "check").stdout == "No new upgrade operations detected.\n"
