from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-fk-not-valid-partitioned"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE event (id bigint, account_id integer) PARTITION BY RANGE (id)")
        op.create_foreign_key("fk", "event", "account", ["account_id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.execute("CREATE TABLE event (id bigint, account_id integer) PARTITION BY RANGE (id)")
        op.execute("ALTER TABLE event ADD CONSTRAINT fk FOREIGN KEY (account_id) REFERENCES account NOT VALID")
        """,
    ],
)
def test_not_valid_key_of_a_partitioned_table_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE event (id bigint, account_id integer) PARTITION BY RANGE (id)")
        op.create_foreign_key("fk", "event", "account", ["account_id"], ["id"])
        """,
        'op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)',
        """
        op.execute("CREATE TABLE event (id bigint, account_id integer) PARTITION BY RANGE (id)")
        op.execute("ALTER TABLE event ADD CONSTRAINT ck CHECK (id > 0) NOT VALID")
        """,
    ],
)
def test_other_key_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_version_18_allows_it() -> None:
    body = """
    op.execute("CREATE TABLE event (id bigint, account_id integer) PARTITION BY RANGE (id)")
    op.create_foreign_key("fk", "event", "account", ["account_id"], ["id"], postgresql_not_valid=True)
    """
    assert_clean(RULE, body, "postgresql:18")


def test_message_in_full() -> None:
    body = """
    op.execute("CREATE TABLE event (id bigint, account_id integer) PARTITION BY RANGE (id)")
    op.create_foreign_key("fk", "event", "account", ["account_id"], ["id"], postgresql_not_valid=True)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "The revision fails: PostgreSQL 15 refuses a NOT VALID foreign key on event, because it is partitioned."
    )
    assert finding.instead == (
        "Add it NOT VALID to each partition, validate it there, and only then add it to the partitioned table, which "
        "takes the keys of the partitions over and reads nothing:\n"
        "\n"
        "    op.create_foreign_key('fk', 'event', 'account', ['account_id'], ['id'])"
    )
