from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-expression-default"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('op.add_column("account", sa.Column("token", sa.String(36), server_default=sa.text("uuid()")))'),
            "mariadb:10.11",
        ),
        (
            (
                'op.add_column("account", sa.Column("token", sa.String(36), '
                'server_default=sa.text("(uuid())")))'
            ),
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN token VARCHAR(36) DEFAULT (UUID())")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account ADD COLUMN d DATE DEFAULT (CURRENT_DATE)")', "mysql:8.4"),
    ],
)
def test_default_computed_for_each_row_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.add_column("account", sa.Column("n", sa.Integer(), server_default=sa.text("(3)")))',
            "mariadb:10.11",
        ),
        ('op.add_column("account", sa.Column("n", sa.Integer(), server_default="3"))', "mysql:8.4"),
        (
            'op.add_column("account", sa.Column("at", sa.DateTime(), server_default=sa.func.now()))',
            "mariadb:10.11",
        ),
        (
            (
                'op.add_column("account", sa.Column("at", sa.DateTime(), '
                'server_default=sa.text("CURRENT_TIMESTAMP")))'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.add_column("account", sa.Column("at", sa.DateTime(), '
                'server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")))'
            ),
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN d DATE DEFAULT (CURDATE())")', "mariadb:10.11"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.add_column("tag", sa.Column("token", sa.String(36), server_default=sa.text("(uuid())")))'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.alter_column("account", "name", server_default=sa.text("(uuid())"), '
                "existing_type=sa.String(50))"
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_default_that_costs_nothing_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        ('op.add_column("account", sa.Column("token", sa.String(36), server_default=sa.text("uuid()")))'),
        "mariadb:10.11",
    )
    assert finding.message == (
        "To compute uuid() for each row, MariaDB copies the whole table account, and every INSERT, UPDATE and"
        " DELETE on it waits until that is done; it needs the table's size again on disk, and replicas fall "
        "behind. Replicas may get other values."
    )
    assert finding.instead == (
        "Add token without the default, set the default in a statement of its own, and fill the old rows in "
        "batches:\n"
        "\n"
        "    op.add_column('account', sa.Column('token', sa.String(length=36), nullable=True))"
    )


def test_now_is_better_written_as_a_word() -> None:
    body = 'op.add_column("account", sa.Column("at", sa.DateTime(), server_default=sa.func.now()))'
    finding = assert_flags(RULE, body, "mysql:8.4")
    assert finding.instead == (
        "Write it as CURRENT_TIMESTAMP, which is no expression and is done at once:\n"
        "\n"
        "    op.add_column('account', sa.Column('at', sa.DateTime(), "
        "server_default=sa.text('CURRENT_TIMESTAMP'), nullable=True))"
    )
