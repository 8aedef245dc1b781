from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-drop-index-needed-by-fk"
DROP = 'op.drop_index("ix_book_account_id", "book")'


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (DROP, "mariadb:10.11"),
        ('op.execute("DROP INDEX `ix_book_account_id` ON `book`")', "mysql:8.4"),
        ('op.execute("ALTER TABLE book DROP INDEX ix_book_account_id")', "mariadb:10.6"),
        (
            'op.create_index("ix_book_title_account", "book", ["title", "account_id"])\n' + DROP,
            "mysql:8.0",
        ),
    ],
)
def test_index_that_a_foreign_key_needs_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_index("ix_book_title", "book")', "mariadb:10.11"),
        ('op.create_index("ix_book_account_pages", "book", ["account_id", "pages"])\n' + DROP, "mysql:8.4"),
        (
            'op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")\n' + DROP,
            "mariadb:10.11",
        ),
        (
            'op.execute("ALTER TABLE book DROP INDEX ix_book_account_id, ADD INDEX ix_two (account_id, pages)")',
            "mysql:8.4",
        ),
        ('op.drop_index("ix_old", "legacy")', "mariadb:10.11"),
    ],
)
def test_index_that_no_foreign_key_needs_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, DROP, "mariadb:10.11")
    assert finding.message == (
        "The revision fails: foreign key fk_book_account_id_account needs ix_book_account_id, and no other index of "
        "book begins with account_id."
    )
    assert finding.instead == (
        "Create the index that takes its place first, or drop the foreign key first:\n"
        "\n"
        '    op.create_index("ix_book_account_id_new", "book", ["account_id"])'
    )
