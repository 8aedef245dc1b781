"""What the env.py of a foreign history tells about how its revisions are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.schema.workflows.lint import foreign_environment


@pytest.mark.parametrize(
    ("env", "followed"),
    [
        ('connection.exec_driver_sql("PRAGMA foreign_keys=OFF")', False),
        ('connection.execute(text("PRAGMA foreign_keys = 0"))', False),
        ('connection.exec_driver_sql("pragma foreign_keys(off)")', False),
        ('connection.exec_driver_sql("PRAGMA foreign_keys=ON")', True),
        ("context.run_migrations()", True),
    ],
)
def test_env_py_says_whether_foreign_keys_are_followed(env: str, followed: bool, tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text(env)
    assert foreign_environment(tmp_path / "versions").foreign_keys is followed
