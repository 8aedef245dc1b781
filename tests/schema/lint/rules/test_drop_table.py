from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-table"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_table("shelf")', "postgresql:15"),
        ('op.execute("DROP TABLE shelf")', "postgresql:15"),
        ('op.execute("DROP TABLE IF EXISTS shelf")', "mariadb:10.11"),
        ('op.drop_table("shelf")', "sqlite:3.40"),
        ('op.drop_table("of_long_ago")', "postgresql:15"),
        ('op.get_bind().execute(sa.text("DROP TABLE shelf"))', "mysql:8.4"),
        ('op.execute("DROP TABLE shelf CASCADE")', "postgresql:15"),
    ],
)
def test_table_with_rows_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.drop_table("tag")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("shelf_new", sa.Column("id", sa.Integer()))\n'
                'op.execute("INSERT INTO shelf_new (id) SELECT id FROM shelf")\n'
                'op.drop_table("shelf")\n'
                'op.rename_table("shelf_new", "shelf")'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.execute("CREATE TEMPORARY TABLE hold AS SELECT * FROM shelf")\n'
                'op.execute("DROP TABLE hold")'
            ),
            "postgresql:15",
        ),
        ('op.drop_index("ix_book_title", "book")', "postgresql:15"),
        ('op.execute("DROP VIEW shelf_view")', "postgresql:15"),
        ('op.execute("DROP INDEX ix_book_title")', "postgresql:15"),
    ],
)
def test_table_that_loses_nothing_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.drop_table("shelf")', "postgresql:15")
    assert finding.message == (
        "All rows of shelf are lost for good. Application code that still uses shelf fails from the moment the "
        "table is gone."
    )
    assert finding.instead == (
        "Remove it from the models and deploy that first; drop it when no running code uses it:\n"
        "\n"
        "    # revision 2, in a later release\n"
        "    op.drop_table('shelf')"
    )
