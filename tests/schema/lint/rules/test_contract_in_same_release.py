from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "contract-in-same-release"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.add_column("account", sa.Column("biography", sa.Text()))\n'
                'op.execute("UPDATE account SET biography = bio WHERE id = 1")\n'
                'op.drop_column("account", "bio")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("rack", sa.Column("x", sa.Integer()))\n'
                'op.execute("INSERT INTO rack (x) SELECT id FROM shelf")\n'
                'op.drop_table("shelf")'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.create_table("address", sa.Column("account_id", sa.Integer()), sa.Column("country", '
                "sa.CHAR(2)))\n"
                'op.execute("INSERT INTO address SELECT id, country FROM account")\n'
                'op.drop_column("account", "country")'
            ),
            "mysql:8.4",
        ),
        (
            (
                'account = sa.table("account", sa.column("bio"), sa.column("biography"))\n'
                'op.add_column("account", sa.Column("biography", sa.Text()))\n'
                "op.execute(account.update().values(biography=account.c.bio))\n"
                'op.drop_column("account", "bio")'
            ),
            "postgresql:15",
        ),
    ],
)
def test_move_and_drop_at_once_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("account", "bio")', "postgresql:15"),
        (
            (
                'op.add_column("account", sa.Column("biography", sa.Text()))\n'
                'op.execute("UPDATE account SET biography = bio WHERE id = 1")'
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
                'op.add_column("account", sa.Column("n", sa.BigInteger()))\n'
                'op.execute("UPDATE account SET n = age WHERE id = 1")\n'
                'op.drop_column("account", "age")\n'
                'op.alter_column("account", "n", new_column_name="age")'
            ),
            "postgresql:15",
        ),
        (
            ('op.execute("UPDATE account SET name = \'x\' WHERE id = 1")\nop.drop_column("account", "bio")'),
            "mysql:8.4",
        ),
    ],
)
def test_one_half_of_a_move_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.create_table("rack", sa.Column("x", sa.Integer()))\n'
            'op.execute("INSERT INTO rack (x) SELECT id FROM shelf")\n'
            'op.drop_table("shelf")'
        ),
        "sqlite:3.40",
    )
    assert finding.message == (
        "Running code fails as soon as shelf is gone, and what it writes between the copy to rack and the drop "
        "is lost: one release both moves the values and takes the old place away."
    )
    assert finding.instead == (
        "Leave shelf in this revision and write both from the code; drop it in a later release, when no running "
        "code uses it."
    )
