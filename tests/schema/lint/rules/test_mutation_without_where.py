from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "mutation-without-where"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("DELETE FROM shelf")', "postgresql:15"),
        ('op.execute("UPDATE account SET age = 0")', "postgresql:15"),
        ('op.execute("UPDATE account SET age = 0")', "mysql:8.4"),
        ('op.execute(sa.table("account", sa.column("age")).update().values(age=0))', "postgresql:15"),
        ('op.get_bind().execute(sa.text("DELETE FROM shelf"))', "mariadb:10.11"),
        ('op.execute("UPDATE account SET age = 0")', "sqlite:3.40"),
        ('op.execute("UPDATE account SET age = 0 WHERE true")', "postgresql:15"),
        ('op.execute("DELETE FROM shelf WHERE 1 = 1")', "sqlite:3.40"),
        ('op.execute("TRUNCATE TABLE shelf")', "mariadb:10.11"),
        ('op.execute("TRUNCATE `shelf`")', "mysql:8.4"),
    ],
)
def test_change_of_every_row_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("DELETE FROM shelf WHERE id = 3")', "postgresql:15"),
        ('op.execute("UPDATE account SET age = 0 WHERE id BETWEEN 1 AND 1000")', "postgresql:15"),
        ('op.execute("DELETE FROM shelf LIMIT 1000")', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                "op.execute(\"UPDATE tag SET label = 'x'\")"
            ),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                "op.execute(\"UPDATE account SET plan = 'free'\")"
            ),
            "sqlite:3.40",
        ),
        ("op.execute(\"INSERT INTO shelf (label) VALUES ('a')\")", "postgresql:15"),
        ('op.execute("SELECT count(*) FROM account")', "postgresql:15"),
        (
            'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))\nop.execute("TRUNCATE tag")',
            "mariadb:10.11",
        ),
        ("op.execute(\"UPDATE account SET age = 0 WHERE email = 'a@example.org'\")", "postgresql:15"),
    ],
)
def test_change_of_some_rows_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("DELETE FROM shelf")', "postgresql:15")
    assert finding.message == (
        "All rows are deleted. This DELETE locks every row of shelf until the transaction ends: whoever writes "
        "one of them waits, and replicas fall behind."
    )
    assert finding.instead == (
        "Change the rows in batches, each in a transaction of its own, "
        "in a revision with nothing else in it:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"DELETE FROM shelf WHERE id BETWEEN {start} AND {start + 999}")'
    )
