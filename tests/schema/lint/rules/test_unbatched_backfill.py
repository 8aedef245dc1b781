from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "unbatched-backfill"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ("op.execute(\"UPDATE account SET name = 'x' WHERE name IS NULL\")", "postgresql:15"),
        ("op.execute(\"DELETE FROM book WHERE status = 'draft'\")", "mysql:8.4"),
        (
            (
                'account = sa.table("account", sa.column("age"))\n'
                "op.execute(account.update().where(account.c.age.is_(None)).values(age=0))"
            ),
            "postgresql:15",
        ),
        ('op.get_bind().execute(sa.text("UPDATE account SET age = 0 WHERE age < 0"))', "mariadb:10.11"),
        ('op.execute("UPDATE account SET age = 0 WHERE id = 1 OR age IS NULL")', "postgresql:15"),
        ('op.execute("UPDATE account SET age = 0 WHERE account_id = 1")', "postgresql:15"),
        ('op.execute("INSERT INTO shelf (label) SELECT title FROM `book`")', "mysql:8.4"),
    ],
)
def test_change_of_an_open_number_of_rows_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ("op.execute(\"UPDATE account SET name = 'x' WHERE id = 7\")", "postgresql:15"),
        (
            "op.execute(\"UPDATE account SET name = 'x' WHERE name IS NULL AND id BETWEEN 1 AND 1000\")",
            "postgresql:15",
        ),
        ("op.execute(\"UPDATE account SET name = 'x' WHERE email = 'a@example.org'\")", "postgresql:15"),
        ("op.execute(\"UPDATE account SET name = 'x' WHERE name IS NULL LIMIT 1000\")", "mysql:8.4"),
        ("op.execute(\"UPDATE account SET name = 'x' WHERE name IS NULL\")", "sqlite:3.40"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                "op.execute(\"UPDATE tag SET label = 'x' WHERE label IS NULL\")"
            ),
            "postgresql:15",
        ),
        ('op.execute("DELETE FROM account WHERE id IN (1, 2, 3)")', "postgresql:15"),
        ("op.execute(\"INSERT INTO shelf (label) SELECT 'a' FROM dual\")", "mariadb:10.11"),
        ('op.execute("INSERT INTO shelf (label) SELECT title FROM book WHERE id < 9")', "mysql:8.4"),
        ('op.execute("INSERT INTO shelf (label) SELECT title FROM book")', "postgresql:15"),
        (
            (
                'op.create_table("tag", sa.Column("title", sa.Text()))\n'
                'op.execute("INSERT INTO tag SELECT title FROM book")'
            ),
            "mariadb:10.11",
        ),
        ('op.bulk_insert(sa.table("shelf", sa.column("label")), [{"label": "a"}])', "postgresql:15"),
        (
            (
                'account = sa.table("account", sa.column("id"), sa.column("age"))\n'
                "op.execute(account.update().where(account.c.id == 3).values(age=0))"
            ),
            "postgresql:15",
        ),
    ],
)
def test_change_of_a_bounded_number_of_rows_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, "op.execute(\"UPDATE account SET name = 'x' WHERE name IS NULL\")", "postgresql:15"
    )
    assert finding.message == (
        "This UPDATE locks every row of account that it changes until the transaction ends, however many there "
        "are: whoever writes one of them waits, and replicas fall behind."
    )
    assert finding.instead == (
        "Change the rows in batches of keys, each in a transaction of its own, in a revision with nothing else "
        "in it:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        "            op.execute(f\"UPDATE account SET name = 'x' WHERE name IS NULL "
        'AND id BETWEEN {start} AND {start + 999}")'
    )
