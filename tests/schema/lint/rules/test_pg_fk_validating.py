from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-fk-validating"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"])',
        'op.create_foreign_key(None, "book", "account", ["account_id"], ["id"], ondelete="CASCADE")',
        'op.execute("ALTER TABLE book ADD CONSTRAINT fk_reader FOREIGN KEY (account_id) REFERENCES account (id)")',
        'op.execute("ALTER TABLE book ADD FOREIGN KEY (account_id) REFERENCES account")',
        """
        with op.batch_alter_table("book") as batch:
            batch.create_foreign_key("fk_reader", "account", ["account_id"], ["id"])
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_foreign_key("fk_tag", "book", "tag", ["pages"], ["id"])
        """,
        'op.create_foreign_key("fk", "elsewhere", "account", ["account_id"], ["id"])',
        """
        op.add_column("book", sa.Column("shelf_id", sa.Integer()))
        op.create_foreign_key("fk_shelf", "book", "shelf", ["shelf_id"], ["id"])
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.execute("INSERT INTO tag (account_id) SELECT id FROM account")
        op.create_foreign_key("fk_tag", "tag", "account", ["account_id"], ["id"])
        """,
    ],
)
def test_key_of_rows_that_are_there_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)',
        'op.execute("ALTER TABLE book ADD CONSTRAINT fk FOREIGN KEY (account_id) REFERENCES account NOT VALID")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_foreign_key("fk_tag", "tag", "account", ["account_id"], ["id"])
        """,
        'op.create_table("tag", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))',
        """
        op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")
        """,
        'op.execute("ALTER TABLE book ADD CONSTRAINT fk FOREIGN KEY (account_id) REFERENCES account NOT ENFORCED")',
    ],
)
def test_key_that_reads_no_row_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


PARTITIONED = """
op.execute("CREATE TABLE parent (id bigint PRIMARY KEY)")
op.execute("CREATE TABLE event (id bigint, parent_id bigint) PARTITION BY RANGE (id)")
op.execute("CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (100)")
"""
TAKEN_OVER = """
op.create_foreign_key("fk_1", "event_1", "parent", ["parent_id"], ["id"], postgresql_not_valid=True)
with op.get_context().autocommit_block():
    op.execute("ALTER TABLE event_1 VALIDATE CONSTRAINT fk_1")
op.create_foreign_key("fk", "event", "parent", ["parent_id"], ["id"])
"""


def test_partitioned_table_is_told_the_way_through_its_partitions() -> None:
    body = 'op.create_foreign_key("fk", "event", "parent", ["parent_id"], ["id"])'
    finding = assert_flags(RULE, body, "postgresql:15", before=PARTITIONED)
    assert finding.fix is None
    assert "ALTER TABLE event_1 VALIDATE CONSTRAINT fk_event_1" in (finding.instead or "")
    assert assert_flags(RULE, body, "postgresql:18", before=PARTITIONED).fix is not None


def test_key_that_all_partitions_have_is_clean() -> None:
    assert_clean(RULE, TAKEN_OVER, "postgresql:15", before=PARTITIONED)
    not_validated = "\n".join(line for line in TAKEN_OVER.splitlines() if "op.create" in line)
    assert_flags(RULE, not_validated, "postgresql:15", before=PARTITIONED)


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4"])
def test_other_engines_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"])', server)


def test_message_in_full() -> None:
    body = 'op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"])'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Adding the foreign key fk_reader blocks every INSERT, UPDATE and DELETE on book and on account until each row "
        "of book has been looked up; reads go on."
    )
    assert finding.instead == (
        "Add it NOT VALID, and look up the old rows outside the transaction; writes then go on:\n"
        "\n"
        "    op.create_foreign_key('fk_reader', 'book', 'account', ['account_id'], ['id'], postgresql_not_valid=True)\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")'
    )
