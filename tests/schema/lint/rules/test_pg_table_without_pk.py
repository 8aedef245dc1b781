from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-table-without-pk"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("visit", sa.Column("day", sa.Date()))',
        'op.execute("CREATE TABLE visit (day date, account_id integer)")',
        'op.create_table("visit", sa.Column("day", sa.Date(), unique=True))',
    ],
)
def test_table_without_a_key_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("visit", sa.Column("id", sa.Integer(), primary_key=True))',
        'op.create_table("visit", sa.Column("a", sa.Integer()), sa.PrimaryKeyConstraint("a"))',
        """
        op.create_table("visit", sa.Column("day", sa.Date()))
        op.create_primary_key("pk_visit", "visit", ["day"])
        """,
        'op.execute("CREATE TEMP TABLE visit (day date)")',
        'op.create_table("visit", sa.Column("day", sa.Date()), prefixes=["TEMPORARY"])',
        'op.execute("CREATE TABLE visit AS SELECT * FROM account")',
        'op.execute("CREATE TABLE visit (LIKE account INCLUDING ALL)")',
        """
        op.execute("CREATE TABLE visit (day date)")
        op.execute("DROP TABLE visit")
        """,
        'op.execute("CREATE TABLE visit (day date) PARTITION BY RANGE (day)")',
    ],
)
def test_table_with_one_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "sqlite:3.40"])
def test_other_engines_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.create_table("visit", sa.Column("day", sa.Date()))', server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.create_table("visit", sa.Column("day", sa.Date()))', "postgresql:15")
    assert finding.message == (
        "visit has no primary key: equal rows cannot be told apart, and once the table is replicated, every UPDATE and "
        "DELETE of it fails."
    )
    assert finding.instead == (
        "Give visit a primary key: a column of its own, or those that make a row unique."
    )
