from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.schema.core.server import Server
from app.schema.scripts import directory
from app.schema.workflows.judging import Files, judge
from tests.schema.lint.verbs import HISTORY, revision_source

if TYPE_CHECKING:
    from pathlib import Path

INSPECT = "seen = sa.inspect(op.get_bind())\n"


def rules(tmp_path: Path, upgrade: str, downgrade: str = "raise NotImplementedError") -> list[str]:
    (tmp_path / "r0.py").write_text(revision_source(HISTORY, "r0", None), encoding="utf-8")
    text = revision_source(INSPECT + upgrade, "r1", "r0", downgrade=INSPECT + downgrade)
    (tmp_path / "r1.py").write_text(text, encoding="utf-8")
    files = Files(directory.read([tmp_path], recursive=True))
    return [finding.rule for finding in judge(files, ["r1"], [Server.parse("postgresql:15")]).findings]


@pytest.mark.parametrize(
    ("upgrade", "found"),
    [
        (
            'if "age" in [c["name"] for c in seen.get_columns("account")]:\n    op.drop_column("account", "age")',
            ["drop-column"],
        ),
        (
            (
                'if "ix_a" not in {i["name"] for i in seen.get_indexes("account")}:\n'
                '    op.create_index("ix_a", "account", ["age"])'
            ),
            ["pg-create-index-blocking"],
        ),
        (
            'if seen.has_table("of_long_ago"):\n    op.drop_table("of_long_ago")',
            ["python-branch-on-data"],
        ),
        (
            'for k in seen.get_foreign_keys("book"):\n    op.drop_constraint(k["name"], "book", type_="foreignkey")',
            ["drop-constraint"],
        ),
    ],
)
def test_what_a_revision_asks_the_inspector_is_answered_by_the_history(
    tmp_path: Path, upgrade: str, found: list[str]
) -> None:
    assert rules(tmp_path, upgrade) == found


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (
            (
                'if "nick" not in [c["name"] for c in seen.get_columns("account")]:\n'
                '    op.add_column("account", sa.Column("nick", sa.Text()))'
            ),
            'if "nick" in [c["name"] for c in seen.get_columns("account")]:\n    op.drop_column("account", "nick")',
        ),
        (
            'if not seen.has_table("tag"):\n    op.create_table("tag", sa.Column("id", sa.Uuid, primary_key=True))',
            'if seen.has_table("tag"):\n    op.drop_table("tag")',
        ),
    ],
)
def test_guard_that_looks_before_it_adds_is_clean(tmp_path: Path, upgrade: str, downgrade: str) -> None:
    assert rules(tmp_path, upgrade, downgrade) == []
