from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-server-default"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.alter_column("account", "active", server_default=None)', "postgresql:15"),
        (
            (
                'op.alter_column("account", "active", existing_type=sa.Boolean(), '
                "existing_nullable=False, server_default=None)"
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account ALTER COLUMN active DROP DEFAULT")', "postgresql:15"),
        ('op.execute("ALTER TABLE account ALTER active DROP DEFAULT")', "mysql:8.4"),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.alter_column("active", server_default=None)'
            ),
            "sqlite:3.40",
        ),
        (
            'op.alter_column("of_long_ago", "a", existing_server_default="x", server_default=None)',
            "postgresql:15",
        ),
    ],
)
def test_default_that_goes_away_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.alter_column("account", "name", server_default=None)', "postgresql:15"),
        ('op.alter_column("account", "active", server_default=sa.false())', "postgresql:15"),
        ('op.alter_column("account", "active", existing_type=sa.Boolean(), nullable=True)', "mariadb:10.11"),
        ("op.execute(\"ALTER TABLE account ALTER COLUMN name SET DEFAULT 'x'\")", "postgresql:15"),
        ('op.execute("ALTER TABLE account ALTER COLUMN name DROP DEFAULT")', "postgresql:15"),
        (
            (
                'op.create_table("tag", sa.Column("n", sa.Integer(), server_default="1"))\n'
                'op.alter_column("tag", "n", server_default=None)'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.alter_column("account", "active", server_default=None)\n'
                'op.alter_column("account", "active", type_=sa.SmallInteger(), postgresql_using="active::int")\n'
                'op.alter_column("account", "active", server_default=sa.text("1"))'
            ),
            "postgresql:15",
        ),
    ],
)
def test_default_that_nobody_had_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.alter_column("account", "active", server_default=None)', "postgresql:15")
    assert finding.message == (
        "Every INSERT into account that leaves active out fails without the default, as the column is NOT NULL. "
        "Running code may rely on it."
    )
    assert finding.instead == (
        "Keep the default until every writer of account names active, and drop it in a later release."
    )
