from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-column"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("account", "bio")', "postgresql:15"),
        (('with op.batch_alter_table("account") as batch:\n    batch.drop_column("bio")'), "sqlite:3.40"),
        ('op.execute("ALTER TABLE account DROP COLUMN bio")', "postgresql:15"),
        ('op.execute("ALTER TABLE account DROP bio")', "mariadb:10.11"),
        ('op.drop_column("of_long_ago", "text")', "postgresql:15"),
        ('op.get_bind().execute(sa.text("ALTER TABLE account DROP COLUMN IF EXISTS bio"))', "postgresql:15"),
        ('op.drop_column("account", "email")', "mysql:8.4"),
    ],
)
def test_column_with_values_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('op.add_column("account", sa.Column("tmp", sa.Text()))\nop.drop_column("account", "tmp")'),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.drop_column("tag", "label")'
            ),
            "postgresql:15",
        ),
        (
            (
                'allow = {"drop-column account.bio": "not mapped since release 41"}\n'
                'op.drop_column("account", "bio")'
            ),
            "postgresql:15",
        ),
        ('op.alter_column("account", "bio", existing_type=sa.Text(), nullable=True)', "mysql:8.4"),
        ('op.drop_index("ix_book_title", "book")', "sqlite:3.40"),
        ('op.execute("ALTER TABLE account ALTER COLUMN bio DROP NOT NULL")', "postgresql:15"),
        (
            (
                'op.add_column("account", sa.Column("n", sa.BigInteger()))\n'
                'op.execute("UPDATE account SET n = age WHERE id = 1")\n'
                'op.drop_column("account", "age")\n'
                'op.alter_column("account", "n", new_column_name="age")'
            ),
            "postgresql:15",
        ),
    ],
)
def test_column_without_values_of_its_own_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.drop_column("account", "bio")', "postgresql:15")
    assert finding.message == (
        "The values in account.bio are lost for good. Application code that still maps bio fails on every SELECT "
        "and INSERT of account from the moment the column is gone."
    )
    assert finding.instead == (
        "Remove it from the model and deploy that first; drop it when no running code maps it:\n"
        "\n"
        "    # revision 2, in a later release\n"
        "    op.drop_column('account', 'bio')"
    )
