from __future__ import annotations

import pytest

from app.schema.core.facts import Facts, Violation
from app.schema.core.server import Server
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "fk-orphans-exist"
BODY = 'op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)'


def live(server: str = "postgresql:15") -> Facts:
    found = Violation("book", ("account_id",), 3, ("7", "8"))
    return Facts(Server.parse(server), orphans={("book", ("account_id",), "account"): found})


@pytest.mark.parametrize("server", ["postgresql:15", "mariadb:10.11", "mysql:8.4"])
def test_key_that_rows_break_is_flagged(server: str) -> None:
    assert_flags(RULE, BODY, server, facts=live(server))
    assert_clean(RULE, BODY, server)


def test_raw_sql_is_flagged() -> None:
    body = 'op.execute("ALTER TABLE book ADD CONSTRAINT fk FOREIGN KEY (account_id) REFERENCES account (id)")'
    assert_flags(RULE, body, "postgresql:15", facts=live())


@pytest.mark.parametrize(
    "body",
    [
        'op.create_foreign_key("fk", "book", "shelf", ["account_id"], ["id"])',
        'op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])',
        'op.execute("DELETE FROM book WHERE account_id NOT IN (SELECT id FROM account)")\n' + BODY,
        'op.execute("UPDATE book SET account_id = NULL WHERE account_id > 9")\n' + BODY,
    ],
)
def test_key_that_all_rows_keep_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", facts=live())


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, "postgresql:15", facts=live())
    assert finding.message == (
        "3 rows of book on this database refer to no row of account, such as 7, 8: the foreign key cannot hold for "
        "them, and adding or validating it fails."
    )
    assert finding.instead == (
        "Decide what becomes of them in an earlier revision; look at the rows first:\n"
        "\n"
        "    SELECT c.* FROM book AS c\n"
        "    WHERE c.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account AS p WHERE p.id = c.account_id)"
    )
