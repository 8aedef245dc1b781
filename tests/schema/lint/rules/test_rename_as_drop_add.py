from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "rename-as-drop-add"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('op.add_column("account", sa.Column("biography", sa.Text()))\nop.drop_column("account", "bio")'),
            "postgresql:15",
        ),
        (
            (
                'op.drop_column("account", "name")\n'
                'op.add_column("account", sa.Column("full_name", sa.String(80)))'
            ),
            "mysql:8.4",
        ),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.add_column(sa.Column("years", sa.SmallInteger()))\n'
                '    batch.drop_column("age")'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.drop_table("shelf")\n'
                'op.create_table("rack", sa.Column("id", sa.Integer()), sa.Column("label", sa.Text()))'
            ),
            "postgresql:15",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN biography text, DROP COLUMN bio")', "postgresql:15"),
    ],
)
def test_drop_with_a_counterpart_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("account", "bio")', "postgresql:15"),
        (
            ('op.add_column("account", sa.Column("flag", sa.Boolean()))\nop.drop_column("account", "bio")'),
            "postgresql:15",
        ),
        (
            ('op.add_column("book", sa.Column("text", sa.Text()))\nop.drop_column("account", "bio")'),
            "mysql:8.4",
        ),
        (
            (
                'op.drop_table("shelf")\n'
                'op.create_table("rack", sa.Column("uid", sa.Uuid()), sa.Column("text", sa.Text()))'
            ),
            "postgresql:15",
        ),
        (
            ('op.add_column("account", sa.Column("tmp", sa.Text()))\nop.drop_column("account", "tmp")'),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("biography", sa.Text()))\n'
                'op.execute("UPDATE account SET biography = bio")\n'
                'op.drop_column("account", "bio")'
            ),
            "postgresql:15",
        ),
    ],
)
def test_drop_without_a_counterpart_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_finding_takes_the_place_of_those_about_the_drop() -> None:
    body = 'op.add_column("book", sa.Column("details", sa.JSON()))\nop.drop_column("book", "data")'
    assert {finding.rule for finding in judge(body, "sqlite:3.40")} == {RULE}


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        ('op.add_column("account", sa.Column("biography", sa.Text()))\nop.drop_column("account", "bio")'),
        "postgresql:15",
    )
    assert finding.message == (
        "The values in account.bio are lost and biography starts empty: this drop and add look like a rename."
    )
    assert finding.instead == (
        'Keep the name in the database and rename the attribute in the model: biography = db.Column("bio", …). '
        "Or only add biography now, carry the values over in batches, and drop bio in a later release."
    )
