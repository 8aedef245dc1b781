from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-cascade"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("DROP TYPE book_status CASCADE")', "postgresql:15"),
        ('op.execute("DROP TABLE account CASCADE")', "postgresql:15"),
        ('op.execute("ALTER TABLE account DROP COLUMN email CASCADE")', "postgresql:15"),
        ('op.execute("ALTER TABLE account DROP CONSTRAINT uq_account_email CASCADE")', "postgresql:15"),
        ('op.execute("DROP VIEW report CASCADE")', "postgresql:15"),
        ('op.execute("DROP EXTENSION citext CASCADE")', "postgresql:15"),
        ('op.execute("DROP SEQUENCE numbers CASCADE")', "postgresql:15"),
    ],
)
def test_cascade_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("DROP TYPE book_status")', "postgresql:15"),
        ('op.execute("DROP TABLE account")', "postgresql:15"),
        ('op.execute("DROP TABLE account RESTRICT")', "postgresql:15"),
        ('op.execute("DROP TABLE account CASCADE")', "mysql:8.4"),
        (
            ('op.execute("CREATE TYPE tmp AS ENUM (\'a\')")\nop.execute("DROP TYPE tmp CASCADE")'),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.execute("DROP TABLE tag CASCADE")'
            ),
            "postgresql:15",
        ),
        (
            ('op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"], ondelete="CASCADE")'),
            "postgresql:15",
        ),
    ],
)
def test_drop_of_one_thing_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("DROP TYPE book_status CASCADE")', "postgresql:15")
    assert finding.message == (
        "Together with type book_status, CASCADE drops every column of that type with its values: the revision "
        "does not name them, and no downgrade brings them back."
    )
    assert finding.instead == (
        "Drop what depends on it by name, then type book_status without CASCADE; PostgreSQL refuses if something "
        "is left."
    )
