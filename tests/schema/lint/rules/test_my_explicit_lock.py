from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-explicit-lock"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("CREATE INDEX ix_account_name ON account (name) LOCK=SHARED")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), LOCK=EXCLUSIVE")', "mysql:8.4"),
        ('op.execute("LOCK TABLES account WRITE")', "mariadb:10.11"),
        (
            'op.get_bind().execute(sa.text("ALTER TABLE account ADD INDEX ix (name), LOCK = SHARED"))',
            "mysql:8.4",
        ),
    ],
)
def test_lock_that_is_asked_for_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("CREATE INDEX ix_account_name ON account (name) LOCK=NONE")', "mariadb:10.11"),
        ('op.execute("CREATE INDEX ix_account_name ON account (name) LOCK=DEFAULT")', "mysql:8.4"),
        ('op.execute("LOCK TABLES account READ")', "mariadb:10.11"),
        ('op.create_index("ix", "account", ["name"])', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.execute("CREATE INDEX ix ON tag (label) LOCK=SHARED")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_lock_that_holds_nobody_up_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.execute("CREATE INDEX ix_account_name ON account (name) LOCK=SHARED")', "mariadb:10.11"
    )
    assert finding.message == (
        "Because of LOCK=SHARED every INSERT, UPDATE and DELETE on account waits until the statement is done,"
        " which takes longer the more rows there are."
    )
    assert finding.instead == (
        "Ask for LOCK=NONE: the server then refuses at once if it cannot do without a lock:\n"
        "\n"
        "    op.execute('CREATE INDEX ix_account_name ON account (name) LOCK=NONE')"
    )


def test_fix_needs_consent_because_the_server_may_refuse_it() -> None:
    body = 'op.execute("CREATE INDEX ix ON account (name) LOCK=SHARED")'
    finding = assert_flags(RULE, body, "mysql:8.4")
    assert finding.fix is not None
    assert not finding.fix.safe
