from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-missing-lock-wait-timeout"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('# lock_timeout = False\nop.add_column("account", sa.Column("plan", sa.String(20)))'),
            "mariadb:10.11",
        ),
        (
            (
                "# lock_timeout = False\n"
                'op.execute("ALTER TABLE account ADD COLUMN plan INT")\n'
                'op.drop_table("shelf")'
            ),
            "mysql:8.4",
        ),
        (
            (
                "# lock_timeout = False\n"
                'op.execute("SET SESSION lock_wait_timeout = 86400")\n'
                'op.drop_table("shelf")'
            ),
            "mysql:8.4",
        ),
        (
            (
                "# lock_timeout = False\n"
                'op.execute("SET lock_wait_timeout = 5")\n'
                'op.execute("SET lock_wait_timeout = DEFAULT")\n'
                'op.drop_table("shelf")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_change_that_may_wait_for_hours_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.add_column("account", sa.Column("plan", sa.String(20)))', "mariadb:10.11"),
        (
            (
                "# lock_timeout = False\n"
                'op.execute("SET SESSION lock_wait_timeout = 5")\n'
                'op.add_column("account", sa.Column("a", sa.Integer()))'
            ),
            "mysql:8.4",
        ),
        (
            ('# lock_timeout = False\nop.execute("ALTER TABLE account NOWAIT ADD COLUMN plan INT")'),
            "mariadb:10.11",
        ),
        (
            (
                "# lock_timeout = False\n"
                'op.execute("SET STATEMENT lock_wait_timeout = 5 FOR ALTER TABLE account ADD COLUMN plan '
                'INT")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "# lock_timeout = False\n"
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))'
            ),
            "mysql:8.4",
        ),
        (('# lock_timeout = False\nop.execute("UPDATE account SET age = 1 WHERE id = 1")'), "mysql:8.4"),
    ],
)
def test_limited_wait_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        ('# lock_timeout = False\nop.add_column("account", sa.Column("plan", sa.String(20)))'),
        "mariadb:10.11",
    )
    assert finding.message == (
        "If a transaction that has read account is open, this waits for it, up to a day, and every query on "
        "account waits behind it."
    )
    assert finding.instead == (
        'Limit the wait before the first change:\n\n    op.execute("SET SESSION lock_wait_timeout = 5")'
    )
