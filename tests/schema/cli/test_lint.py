from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases.servers import Database
from tests.schema.conftest import Project

CREATE = 'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", sa.String(200)))'
INDEX = 'op.create_index("ix_book_title", "book", ["title"])'


@pytest.fixture
def shop(sqlite_project: Project) -> Project:
    """A project with an applied revision and one that builds an index."""
    sqlite_project.revision("aaa", upgrade=CREATE, downgrade='op.drop_table("book")')
    sqlite_project.flask("db", "upgrade")
    sqlite_project.revision("bbb", "aaa", upgrade=INDEX, downgrade='op.drop_index("ix_book_title", "book")')
    return sqlite_project


def rules(output: str) -> list[str]:
    return [finding["rule"] for finding in json.loads(output)["findings"]]


def test_pending_revision_is_judged_for_the_targets(shop: Project) -> None:
    result = shop.flask("db", "lint", "--targets", "postgresql:15", ok=False)
    assert result.exit_code == 1
    assert "bbb_.py:10: error: pg-create-index-blocking (postgresql:15)" in result.stdout
    assert "Instead: Build it concurrently" in result.stdout
    assert 'allow = {"pg-create-index-blocking book": "why"}' in result.stdout
    assert "1 revision judged: 1 error" in result.stdout


def test_connected_engine_is_judged_for_without_targets(shop: Project) -> None:
    assert shop.flask("db", "lint").stdout == "1 revision judged: nothing found.\n"


def test_setting_names_the_targets(
    make_project: Callable[..., Project], make_database: Callable[..., Database]
) -> None:
    project = make_project(make_database("sqlite"), SCHEMA_TARGETS=["postgresql:15", "mariadb:10.11"])
    project.revision("aaa", upgrade=CREATE)
    project.revision("bbb", "aaa", upgrade=INDEX)
    result = project.flask("db", "lint", "--format", "json", "--fail-on", "never")
    assert "pg-create-index-blocking" in rules(result.stdout)


@pytest.mark.parametrize(
    ("revisions", "judged"),
    [
        (["aaa"], 1),
        (["aaa:bbb"], 1),
        (["base:head"], 2),
        ([":"], 2),
        (["aaa", "bbb"], 2),
        (["head"], 1),
        (["bb"], 1),
    ],
)
def test_revisions_and_ranges_can_be_named(shop: Project, revisions: list[str], judged: int) -> None:
    result = shop.flask("db", "lint", *revisions)
    assert result.stdout.splitlines()[-1].startswith(f"{judged} revision")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["zzz"], "There is no revision 'zzz'"),
        (["--targets", "oracle:23"], "'oracle:23' is not a database server that can be judged for"),
        (["-d", "/nowhere/at/all"], "There is no folder '/nowhere/at/all'"),
        (["--explain", "pg-create-index"], "Did you mean pg-create-index-blocking"),
        (["--since-git", "no-such-branch"], "it"),
        (["--fix", "-d", "."], "cannot know which revisions"),
    ],
)
def test_careless_words_are_answered(shop: Project, arguments: list[str], message: str) -> None:
    result = shop.flask("db", "lint", *arguments, ok=False)
    assert result.exit_code in (2, 4)
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_rule_explains_itself(shop: Project) -> None:
    text = shop.flask("db", "lint", "--explain", "pg-create-index-blocking").stdout
    assert "Why it hurts" in text
    assert "SHARE lock" in text


def test_every_rule_is_listed(shop: Project) -> None:
    assert "pg-create-index-blocking" in shop.flask("db", "lint", "--list-rules").stdout


@pytest.mark.parametrize("threshold", ["error", "warning"])
def test_threshold_decides_the_exit_code(shop: Project, threshold: str) -> None:
    arguments = ["db", "lint", "--targets", "postgresql:15", "--fail-on", threshold]
    assert shop.flask(*arguments, ok=False).exit_code == 1


def test_json_has_the_fields_of_the_contract(shop: Project) -> None:
    arguments = ["db", "lint", "--targets", "postgresql:15", "--format", "json", "--fail-on", "never"]
    document = json.loads(shop.flask(*arguments).stdout)
    fields = "rule severity revision path line table column message instead lock blocks rewrites scans fixable allowed"
    assert set(fields.split()) <= set(document["findings"][0])
    assert document["findings"][0]["lock"] == "SHARE"
    assert document["summary"] == {"errors": 1, "warnings": 0, "infos": 0, "allowed": 0}


def test_github_annotation_stands_at_the_line(shop: Project) -> None:
    arguments = ["db", "lint", "--targets", "postgresql:15", "--format", "github", "--fail-on", "never"]
    line = shop.flask(*arguments).stdout.splitlines()[0]
    assert line.startswith("::error file=")
    assert "bbb_.py,line=10,title=pg-create-index-blocking::Building index ix_book_title blocks" in line


def test_sarif_names_rule_and_place(shop: Project) -> None:
    arguments = ["db", "lint", "--targets", "postgresql:15", "--format", "sarif", "--fail-on", "never"]
    run = json.loads(shop.flask(*arguments).stdout)["runs"][0]
    assert run["results"][0]["ruleId"] == "pg-create-index-blocking"
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 10}


def test_folder_of_a_foreign_project_is_judged_without_its_application(shop: Project, tmp_path: Path) -> None:
    folder = tmp_path / "foreign" / "versions"
    folder.mkdir(parents=True)
    (folder / "x1.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nfrom their_app.types import GUID\n"
        'revision = "x1"\ndown_revision = None\n\n'
        'def upgrade():\n    op.add_column("t", sa.Column("a", GUID()))\n    op.create_index("i", "t", ["a"])\n'
    )
    result = shop.flask(
        "db",
        "lint",
        "-d",
        str(folder),
        "--targets",
        "postgresql:15",
        "--format",
        "json",
        "--fail-on",
        "never",
    )
    assert "pg-create-index-blocking" in rules(result.stdout)
    assert result.stderr == ""


def test_fix_mends_the_pending_revision_and_leaves_the_applied_one(shop: Project) -> None:
    applied, pending = (shop.folder / "versions" / f"{name}_.py" for name in ("aaa", "bbb"))
    before = applied.read_bytes()
    result = shop.flask("db", "lint", "--fix", "--targets", "postgresql:15", "base:head", ok=False)
    assert "pg-create-index-blocking: Build the index concurrently." in result.stdout
    assert "postgresql_concurrently=True" in pending.read_text()
    assert applied.read_bytes() == before
    shop.flask("db", "upgrade")
    assert shop.version() == ["bbb"]


def test_live_counts_the_rows_that_are_in_the_way(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database)
    project.revision("aaa", upgrade=CREATE)
    project.flask("db", "upgrade")
    project.rows("INSERT INTO book (id, title) VALUES (1, 'same'), (2, 'same'), (3, NULL)")
    body = 'with op.batch_alter_table("book") as batch: batch.create_unique_constraint("uq_book_title", ["title"])'
    project.revision("bbb", "aaa", upgrade=body)
    result = project.flask("db", "lint", "--live", "--format", "json", "--fail-on", "never")
    messages = [
        f["message"] for f in json.loads(result.stdout)["findings"] if f["rule"] == "add-unique-existing"
    ]
    assert any("same" in message for message in messages), messages


def test_since_git_judges_what_the_branch_adds_and_names_what_it_edited(shop: Project) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(
            ["git", "-C", str(shop.folder), *identity, *arguments], check=True, capture_output=True
        )

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    shop.revision("ccc", "bbb", upgrade='op.drop_index("ix_book_title", "book")')
    first = shop.folder / "versions" / "aaa_.py"
    first.write_text(first.read_text().replace("String(200)", "String(20)"))
    (shop.folder / "versions" / "bbb_.py").rename(shop.folder / "bbb.txt")
    result = shop.flask("db", "lint", "--since-git", "HEAD", "--format", "json", "--fail-on", "never")
    assert {"edited-applied-revision", "deleted-revision"} <= set(rules(result.stdout))


def test_file_that_is_no_python_is_not_taken_for_safe(shop: Project, tmp_path: Path) -> None:
    (tmp_path / "ccc_.py").write_text(
        'revision = "ccc"\ndown_revision = None\ndef upgrade():\n    op.execute("\n'
    )
    result = shop.flask("db", "lint", "-d", str(tmp_path), "--targets", "mysql:8.4", ok=False)
    assert result.exit_code == 1
    assert "ccc_.py:4: error: raw-sql-unanalyzable" in result.stdout
