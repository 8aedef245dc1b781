from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-explicit-algorithm-copy"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=COPY")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account ALGORITHM = COPY, DROP COLUMN bio")', "mysql:8.4"),
        ('op.execute("CREATE INDEX ix ON account (name) ALGORITHM=COPY LOCK=SHARED")', "mysql:8.4"),
        (
            'op.get_bind().execute(sa.text("ALTER TABLE legacy ADD COLUMN a INT, ALGORITHM COPY"))',
            "mariadb:10.11",
        ),
    ],
)
def test_copy_that_is_asked_for_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=INSTANT")', "mariadb:10.11"),
        (
            'op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=INPLACE, LOCK=NONE")',
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=DEFAULT")', "mysql:8.4"),
        ('op.add_column("account", sa.Column("plan", sa.String(20)))', "mariadb:10.11"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.execute("ALTER TABLE tag ADD COLUMN x INT, ALGORITHM=COPY")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_other_algorithm_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=COPY")', "mariadb:10.11"
    )
    assert finding.message == (
        "Because of ALGORITHM=COPY MariaDB copies the whole table account, and every INSERT, UPDATE and "
        "DELETE on it waits until that is done; it needs the table's size again on disk, and replicas fall "
        "behind."
    )
    assert finding.instead == (
        "Leave it out; the server then chooses the way that blocks least:\n"
        "\n"
        "    op.execute('ALTER TABLE account ADD COLUMN plan VARCHAR(20)')"
    )


def test_fix_leaves_the_rest_of_the_statement() -> None:
    body = 'op.execute("ALTER TABLE account ALGORITHM=COPY, ADD COLUMN a INT, ADD COLUMN b INT")'
    finding = assert_flags(RULE, body, "mysql:8.4")
    assert finding.instead is not None
    assert "op.execute('ALTER TABLE account ADD COLUMN a INT, ADD COLUMN b INT')" in finding.instead


def test_two_statements_in_one_call_are_left_to_the_author() -> None:
    body = 'op.execute("ALTER TABLE shelf ADD a INT; ALTER TABLE account ADD b INT, ALGORITHM=COPY")'
    assert assert_flags(RULE, body, "mariadb:10.11").fix is None
