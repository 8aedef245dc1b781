from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "add-required-column"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.add_column("account", sa.Column("plan", sa.String(20), nullable=False))', "postgresql:15"),
        ('op.add_column("account", sa.Column("plan", sa.String(20), nullable=False))', "mariadb:10.11"),
        ('op.add_column("account", sa.Column("plan", sa.String(20), nullable=False))', "sqlite:3.40"),
        ('op.execute("ALTER TABLE account ADD COLUMN plan varchar(20) NOT NULL")', "postgresql:15"),
        ('op.execute("ALTER TABLE account ADD plan varchar(20) NOT NULL")', "mysql:8.4"),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.add_column(sa.Column("plan", sa.String(20), nullable=False))'
            ),
            "sqlite:3.40",
        ),
        ('op.add_column("of_long_ago", sa.Column("plan", sa.Integer(), nullable=False))', "postgresql:15"),
    ],
)
def test_column_that_rows_have_no_value_for_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.add_column("account", sa.Column("plan", sa.String(20)))', "postgresql:15"),
        (
            (
                'op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, '
                'server_default="free"))'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.add_column("tag", sa.Column("plan", sa.String(20), nullable=False))'
            ),
            "postgresql:15",
        ),
        (
            ('op.add_column("account", sa.Column("nr", sa.BigInteger(), sa.Identity(), nullable=False))'),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("older", sa.Integer(), sa.Computed("age + 1"), '
                "nullable=False))"
            ),
            "mariadb:10.11",
        ),
        (
            "op.execute(\"ALTER TABLE account ADD COLUMN plan varchar(20) NOT NULL DEFAULT 'free'\")",
            "postgresql:15",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN nr bigserial NOT NULL")', "postgresql:15"),
        ('op.execute("ALTER TABLE account ADD plan varchar(20)")', "sqlite:3.40"),
    ],
)
def test_column_that_rows_can_do_with_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_on_mariadb_says_what_is_filled_in() -> None:
    finding = assert_flags(
        RULE, 'op.add_column("shelf", sa.Column("n", sa.Integer(), nullable=False))', "mariadb:10.11"
    )
    assert "gets 0, an empty string or a zero date as its n, even in strict mode" in finding.message


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.add_column("account", sa.Column("plan", sa.String(20), nullable=False))', "postgresql:15"
    )
    assert finding.message == (
        "The revision fails as soon as account holds one row: plan is NOT NULL and has no default. Code that "
        "does not know plan yet fails on every INSERT into account."
    )
    assert finding.instead == (
        "Add plan nullable, deploy code that writes it, fill the old rows in batches, and set NOT NULL in a "
        "later release:\n"
        "\n"
        "    op.add_column('account', sa.Column('plan', sa.String(length=20), nullable=True))"
    )
