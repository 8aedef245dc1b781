from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-implicit-commit"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                "op.execute(\"INSERT INTO shelf (id, label) VALUES (1, 'new')\")\n"
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.bulk_insert(sa.table("shelf", sa.column("label")), [{"label": "new"}])\n'
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("UPDATE shelf SET id = id + 1 WHERE id = 5")\n'
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "op.get_bind().execute(sa.text(\"INSERT INTO shelf (label) VALUES ('a')\"))\n"
                'op.create_table("z", sa.Column("id", sa.Integer(), primary_key=True))'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_rows_that_a_schema_change_commits_are_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.create_index("ix_shelf_label", "shelf", ["label"])\n'
                "op.execute(\"INSERT INTO shelf (id, label) VALUES (1, 'new')\")"
            ),
            "mysql:8.4",
        ),
        (
            (
                "op.execute(\"INSERT IGNORE INTO shelf (id, label) VALUES (1, 'new')\")\n"
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("DELETE FROM shelf WHERE id = 1")\n'
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "op.execute(\"UPDATE shelf SET label = 'x' WHERE id = 1\")\n"
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))\n'
                'op.execute("INSERT INTO tag VALUES (1)")\n'
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("INSERT INTO shelf (id) VALUES (1) ON DUPLICATE KEY UPDATE id = id")\n'
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "mysql:8.4",
        ),
        (
            (
                "op.execute(\"INSERT INTO shelf (id, label) VALUES (1, 'new')\")\n"
                'op.create_index("ix_shelf_label", "shelf", ["label"])'
            ),
            "postgresql:15",
        ),
    ],
)
def test_rows_that_can_be_written_again_are_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            "op.execute(\"INSERT INTO shelf (id, label) VALUES (1, 'new')\")\n"
            'op.create_index("ix_shelf_label", "shelf", ["label"])'
        ),
        "mysql:8.4",
    )
    assert finding.message == (
        "The schema change in line 10 commits this INSERT: if it or anything behind it fails, the rows of "
        "shelf stay as written, the version does not change, and the next attempt writes them a second time."
    )
    assert finding.instead == ("Put the INSERT behind the last schema change, or into a revision of its own.")
