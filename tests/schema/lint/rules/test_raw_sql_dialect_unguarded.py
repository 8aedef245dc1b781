from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "raw-sql-dialect-unguarded"


@pytest.mark.parametrize(
    ("sql", "server"),
    [
        ("CREATE EXTENSION citext", "sqlite:3.40"),
        ("ALTER TABLE account ALTER COLUMN age TYPE bigint", "mariadb:10.11"),
        ("UPDATE account SET name = age::text WHERE id = 1", "sqlite:3.40"),
        ("CREATE INDEX CONCURRENTLY ix ON account (name)", "mysql:8.4"),
        ("SET LOCAL lock_timeout = '2s'", "sqlite:3.40"),
        ("ALTER TABLE account MODIFY name varchar(80)", "postgresql:15"),
        ("INSERT INTO shelf (id) VALUES (1) ON DUPLICATE KEY UPDATE id = id", "sqlite:3.40"),
        ("UPDATE `shelf` SET label = NULL WHERE id = 1", "postgresql:15"),
        ("PRAGMA foreign_keys=OFF", "postgresql:15"),
        ("INSERT OR IGNORE INTO shelf (id) VALUES (1)", "mariadb:10.11"),
    ],
)
def test_statement_for_another_engine_is_flagged(sql: str, server: str) -> None:
    assert_flags(RULE, f'op.execute("{sql}")', server)


def test_statement_sent_through_the_connection_is_flagged() -> None:
    assert_flags(RULE, 'op.get_bind().execute(sa.text("CREATE EXTENSION citext"))', "sqlite:3.40")


@pytest.mark.parametrize("server", ["postgresql:15", "mariadb:10.11", "mysql:8.4", "sqlite:3.40"])
@pytest.mark.parametrize(
    "body",
    [
        'if op.get_bind().dialect.name == "postgresql":\n    op.execute("CREATE EXTENSION citext")',
        "op.execute(\"UPDATE shelf SET label = 'a::b `c` PRAGMA' WHERE id = 1\")",
        'op.execute("ALTER TABLE account ADD COLUMN nick varchar(50)")',
        'op.execute("UPDATE shelf SET label = CAST(id AS CHAR(9)) WHERE id = 1 -- not id::text")',
        'op.create_index("ix", "account", ["name"], postgresql_concurrently=True)',
        "op.execute(\"INSERT INTO shelf (id, label) VALUES (1, 'x')\")",
    ],
)
def test_statement_that_every_engine_understands_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


@pytest.mark.parametrize(
    ("sql", "server"),
    [
        ("CREATE EXTENSION citext", "postgresql:15"),
        ("ALTER TABLE account MODIFY name varchar(80)", "mariadb:10.11"),
        ("UPDATE `shelf` SET label = NULL WHERE id = 1", "sqlite:3.40"),
        ("PRAGMA foreign_keys=OFF", "sqlite:3.40"),
    ],
)
def test_statement_on_its_own_engine_is_clean(sql: str, server: str) -> None:
    assert_clean(RULE, f'op.execute("{sql}")', server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("CREATE EXTENSION citext")', "sqlite:3.40")
    assert (
        finding.message
        == "The revision fails on SQLite: only PostgreSQL understands `CREATE EXTENSION citext`."
    )
    assert finding.instead == (
        "Ask for the engine first:\n\n"
        '    if op.get_bind().dialect.name == "postgresql":\n'
        "        op.execute('CREATE EXTENSION citext')"
    )
