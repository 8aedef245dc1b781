from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "rename-table"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.rename_table("shelf", "rack")', "postgresql:15"),
        ('op.execute("ALTER TABLE shelf RENAME TO rack")', "postgresql:15"),
        ('op.execute("RENAME TABLE shelf TO rack")', "mariadb:10.11"),
        ('op.rename_table("shelf", "rack")', "sqlite:3.40"),
        ('op.execute("ALTER TABLE shelf RENAME rack")', "mysql:8.4"),
    ],
)
def test_new_name_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('op.rename_table("shelf", "rack")\nop.execute("CREATE VIEW shelf AS SELECT * FROM rack")'),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.rename_table("tag", "label")'
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
        ('op.execute("ALTER INDEX ix_book_title RENAME TO ix_title")', "postgresql:15"),
        ('op.execute("ALTER TABLE book RENAME INDEX ix_book_title TO ix_title")', "mysql:8.4"),
    ],
)
def test_name_that_stays_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.rename_table("shelf", "rack")', "postgresql:15")
    assert finding.message == (
        "Running code fails on every query of shelf once the table is called rack, and new code fails until "
        "then: there is no moment at which both versions of the application work."
    )
    assert finding.instead == (
        'Keep the name in the database and rename the class only (__tablename__ = "shelf"). Or leave a view '
        "under the old name until no running code uses it:\n"
        "\n"
        "    op.rename_table('shelf', 'rack')\n"
        '    op.execute("CREATE VIEW shelf AS SELECT * FROM rack")'
    )
