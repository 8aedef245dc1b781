from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "short-primary-key"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_table("tag", sa.Column("id", sa.SmallInteger(), primary_key=True))', "postgresql:15"),
        ('op.create_table("tag", sa.Column("id", sa.SmallInteger(), primary_key=True))', "mariadb:10.11"),
        ('op.execute("CREATE TABLE tag (id smallserial PRIMARY KEY)")', "postgresql:15"),
        ('op.execute("CREATE TABLE tag (id MEDIUMINT AUTO_INCREMENT PRIMARY KEY)")', "mysql:8.4"),
    ],
)
def test_small_key_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_table("tag", sa.Column("id", sa.BigInteger(), primary_key=True))', "postgresql:15"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))'
            ),
            "postgresql:15",
        ),
        ('op.create_table("tag", sa.Column("id", sa.SmallInteger(), primary_key=True))', "sqlite:3.40"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.SmallInteger(), primary_key=True, '
                "autoincrement=False))"
            ),
            "postgresql:15",
        ),
        ('op.create_table("tag", sa.Column("id", sa.Uuid(), primary_key=True))', "postgresql:15"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.SmallInteger(), sa.ForeignKey("shelf.id"), '
                "primary_key=True))"
            ),
            "postgresql:15",
        ),
        ('op.execute("CREATE TABLE tag (id bigserial PRIMARY KEY)")', "postgresql:15"),
    ],
)
def test_key_that_lasts_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.create_table("tag", sa.Column("id", sa.SmallInteger(), primary_key=True))', "postgresql:15"
    )
    assert finding.message == (
        "After 32,767 rows every INSERT into tag fails: id is a smallint, and deleted rows do not give their "
        "numbers back."
    )
    assert finding.instead == (
        'Use a BIGINT from the start:\n\n    sa.Column("id", sa.BigInteger(), primary_key=True)'
    )
