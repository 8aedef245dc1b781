from __future__ import annotations

import pytest

from app.schema.core.facts import Facts, Violation
from app.schema.core.server import Server
from tests.schema.lint.verbs import assert_clean, assert_flags

SERVERS = {
    "postgresql:15": "pg-set-not-null-nulls-exist",
    "mariadb:10.11": "set-not-null-nulls-exist",
    "mysql:8.4": "set-not-null-nulls-exist",
}
BODY = 'op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)'


def live(server: str, count: int = 3) -> Facts:
    nulls = {("account", "name"): Violation("account", ("name",), count)}
    return Facts(Server.parse(server), nulls=nulls)


@pytest.mark.parametrize(("server", "rule"), SERVERS.items())
def test_column_that_holds_null_is_flagged(server: str, rule: str) -> None:
    assert_flags(rule, BODY, server, facts=live(server))
    assert_clean(rule, BODY, server)


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "age", nullable=False)',
        'op.alter_column("account", "name", nullable=True)',
        "op.execute(\"UPDATE account SET name = '' WHERE name IS NULL\")\n" + BODY,
        'op.execute("DELETE FROM account WHERE name IS NULL")\n' + BODY,
    ],
)
def test_column_that_is_filled_is_clean(body: str) -> None:
    assert_clean("pg-set-not-null-nulls-exist", body, "postgresql:15", facts=live("postgresql:15"))


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE account ALTER name SET NOT NULL")',
        'op.execute("UPDATE account SET age = 1 WHERE id < 9")\n' + BODY,
    ],
)
def test_other_spellings_are_flagged(body: str) -> None:
    assert_flags("pg-set-not-null-nulls-exist", body, "postgresql:15", facts=live("postgresql:15"))


def test_message_in_full() -> None:
    facts = live("postgresql:15", 1)
    finding = assert_flags("pg-set-not-null-nulls-exist", BODY, "postgresql:15", facts=facts)
    assert finding.message == "The revision fails on this database: 1 row of account has NULL in name."
    assert finding.instead == (
        "Fill name in an earlier revision, in batches; look at the rows first:\n"
        "\n"
        "    SELECT * FROM account WHERE name IS NULL"
    )


BATCH = """
with op.batch_alter_table("account") as batch:
    batch.alter_column("{0}", existing_type=sa.Integer(), nullable=False)
"""
FILL = 'op.execute("UPDATE account SET age = 0 WHERE age IS NULL")'


def test_column_that_nothing_filled_is_flagged_on_sqlite() -> None:
    finding = assert_flags("set-not-null-nulls-exist", BATCH.format("age"), "sqlite:3.40")
    assert finding.message == (
        "The revision fails at the first row of account that has NULL in age, and nothing in the history fills it: an "
        "empty database does not show that."
    )


@pytest.mark.parametrize(
    "bodies", [[FILL + BATCH.format("age")], [FILL, BATCH.format("age")], [BATCH.format("email")]]
)
def test_column_that_holds_no_null_is_clean_on_sqlite(bodies: list[str]) -> None:
    assert_clean("set-not-null-nulls-exist", bodies, "sqlite:3.40")
