from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "maria-inline-check-not-verified"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 0 CHECK (level > 0)")',
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN level INT CHECK (level IS NOT NULL)")', "mariadb:10.11"),
        (
            ('op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 5 CHECK (level < age)")'),
            "mariadb:10.11",
        ),
        (
            (
                "op.execute(\"ALTER TABLE account ADD COLUMN level VARCHAR(9) NOT NULL DEFAULT 'x' CHECK "
                "(level IN ('a', 'b'))\")"
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("ALTER TABLE account ADD COLUMN level INT DEFAULT 9 CHECK (level BETWEEN 1 AND '
                '5)")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.add_column("account", sa.Column("level", sa.Integer(), sa.CheckConstraint("level > 0"), '
                'server_default="0"))'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_rule_that_old_rows_may_break_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 1 CHECK (level > 0)")',
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN level INT CHECK (level > 0)")', "mariadb:10.11"),
        (
            (
                "op.execute(\"ALTER TABLE account ADD COLUMN level VARCHAR(9) NOT NULL DEFAULT 'a' CHECK "
                "(level IN ('a', 'b'))\")"
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("ALTER TABLE account ADD COLUMN level INT DEFAULT 3 CHECK (level BETWEEN 1 AND '
                '5)")'
            ),
            "mariadb:10.11",
        ),
        (
            'op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 0 CHECK (level > 0)")',
            "mysql:8.4",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.execute("ALTER TABLE tag ADD COLUMN level INT NOT NULL DEFAULT 0 CHECK (level > 0)")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_rule_that_old_rows_keep_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.execute("ALTER TABLE account ADD COLUMN level INT NOT NULL DEFAULT 0 CHECK (level > 0)")',
        "mariadb:10.11",
    )
    assert finding.message == (
        "The rows of account that are there are not tested for CHECK (level > 0): those that break it stay, "
        "and every later UPDATE of them fails."
    )
    assert finding.instead == (
        "Give a default that keeps the rule, or look for rows that break it before the revision is done:\n"
        "\n"
        "    SELECT count(*) FROM account WHERE NOT (level > 0)"
    )
