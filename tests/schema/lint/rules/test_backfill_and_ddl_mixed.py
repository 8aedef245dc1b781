from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "backfill-and-ddl-mixed"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                "op.execute(\"UPDATE account SET plan = 'free'\")"
            ),
            "postgresql:15",
        ),
        (
            (
                "op.execute(\"UPDATE account SET name = '' WHERE name IS NULL\")\n"
                'op.alter_column("account", "name", nullable=False)'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                "op.execute(\"UPDATE account SET plan = 'free'\")"
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("ALTER TABLE account ADD COLUMN plan text")\n'
                "op.execute(\"UPDATE account SET plan = 'free' WHERE age > 3\")"
            ),
            "postgresql:15",
        ),
        (
            ('op.add_column("shelf", sa.Column("n", sa.Integer()))\nop.execute("DELETE FROM book")'),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("shelf", sa.Column("n", sa.Integer()))\n'
                'op.create_table("rack", sa.Column("x", sa.Integer()))\n'
                'op.execute("INSERT INTO rack SELECT id FROM shelf")'
            ),
            "postgresql:15",
        ),
        (
            (
                'account = sa.table("account", sa.column("plan"))\n'
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                'op.execute(account.update().values(plan="free"))'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_rows_beside_a_schema_change_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ("op.execute(\"UPDATE account SET name = 'x'\")", "postgresql:15"),
        (
            (
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                "op.execute(\"UPDATE account SET plan = 'free' WHERE id = 1\")"
            ),
            "postgresql:15",
        ),
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
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.execute("UPDATE account SET age = 0")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                "op.execute(\"INSERT INTO shelf (label) VALUES ('a')\")"
            ),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("plan", sa.Text()))\n'
                "with op.get_context().autocommit_block():\n"
                "    op.execute(\"UPDATE account SET plan = 'free'\")"
            ),
            "postgresql:15",
        ),
        (
            (
                'op.add_column("shelf", sa.Column("n", sa.Integer()))\n'
                "op.execute(\"INSERT INTO shelf (label) SELECT 'a' WHERE NOT EXISTS (SELECT 1)\")"
            ),
            "postgresql:15",
        ),
    ],
)
def test_rows_that_hold_up_nobody_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


@pytest.mark.parametrize("rule", ["mutation-without-where", "unbatched-backfill"])
@pytest.mark.parametrize("condition", ["", " WHERE age IS NULL"])
def test_one_statement_gives_one_finding(rule: str, condition: str) -> None:
    body = f"""
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.execute("UPDATE account SET plan = 'free'{condition}")
    """
    assert_flags(RULE, body, "postgresql:15")
    assert_clean(rule, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.add_column("account", sa.Column("plan", sa.Text()))\n'
            "op.execute(\"UPDATE account SET plan = 'free'\")"
        ),
        "postgresql:15",
    )
    assert finding.message == (
        "account stays locked by the change in line 9 until this UPDATE of account is done: the more rows, the "
        "longer the application waits."
    )
    assert finding.instead == (
        "Leave the UPDATE out; change the rows in a revision of its own after this one, in batches:\n"
        "\n"
        "    # revision 2, after r1\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        "            op.execute(f\"UPDATE account SET plan = 'free' WHERE id BETWEEN {start} "
        'AND {start + 999}")'
    )
