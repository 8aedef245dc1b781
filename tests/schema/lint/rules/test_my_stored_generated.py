from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-stored-generated"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.add_column("account", sa.Column("shout", sa.String(50), sa.Computed("upper(name)", '
                "persisted=True)))"
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("ALTER TABLE account ADD shout VARCHAR(50) GENERATED ALWAYS AS (upper(name)) '
                'STORED")'
            ),
            "mysql:8.4",
        ),
        (
            'op.execute("ALTER TABLE account ADD shout VARCHAR(50) AS (upper(name)) PERSISTENT")',
            "mariadb:10.11",
        ),
    ],
)
def test_stored_column_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.add_column("account", sa.Column("shout", sa.String(50), sa.Computed("upper(name)", '
                "persisted=False)))"
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account ADD shout VARCHAR(50) AS (upper(name))")', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.add_column("tag", sa.Column("shout", sa.String(50), sa.Computed("upper(label)", '
                "persisted=True)))"
            ),
            "mysql:8.4",
        ),
        ('op.add_column("account", sa.Column("shout", sa.String(50)))', "mariadb:10.11"),
    ],
)
def test_virtual_column_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.add_column("account", sa.Column("shout", sa.String(50), sa.Computed("upper(name)", '
            "persisted=True)))"
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "To store shout in each row, MariaDB copies the whole table account, and every INSERT, UPDATE and "
        "DELETE on it waits until that is done; it needs the table's size again on disk, and replicas fall "
        "behind."
    )
    assert finding.instead == (
        "Make it VIRTUAL: it is added at once, computed when it is read, and can be indexed all the same:\n"
        "\n"
        "    op.add_column('account', sa.Column('shout', sa.String(length=50), sa.Computed('upper(name)', "
        "persisted=False), nullable=True))"
    )
