from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-unique-constraint"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_unique_constraint("uq_name", "account", ["name"])',
        'op.create_unique_constraint(None, "account", ["name", "country"])',
        'op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE (name)")',
        'op.execute("ALTER TABLE account ADD UNIQUE (name)")',
        """
        with op.batch_alter_table("account") as batch:
            batch.create_unique_constraint("uq_name", ["name"])
        """,
        'op.create_unique_constraint("uq", "elsewhere", ["a"])',
        """
        op.add_column("account", sa.Column("nick", sa.Text()))
        op.create_unique_constraint("uq", "account", ["nick"])
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        op.create_unique_constraint("uq_name", "account", ["name"])
        """,
    ],
)
def test_constraint_that_builds_its_index_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_unique_constraint("uq_tag", "tag", ["account_id"])
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE USING INDEX uq_name")
        """,
        'op.execute("ALTER TABLE account ADD UNIQUE USING INDEX ready")',
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        """,
        'op.create_table("tag", sa.Column("code", sa.Text(), unique=True))',
    ],
)
def test_constraint_that_builds_none_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_partitioned_table_gets_no_fix() -> None:
    before = """
    op.execute("CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (id)")
    """
    body = 'op.create_unique_constraint("uq", "event", ["id"])'
    finding = assert_flags(RULE, body, "postgresql:15", before=before)
    assert finding.fix is None
    assert "each partition of event" in (finding.instead or "")


def test_what_the_constraint_says_beside_its_columns_stays() -> None:
    body = """
    op.create_unique_constraint(
        "uq", "account", ["name"], deferrable=True, initially="DEFERRED", postgresql_nulls_not_distinct=True
    )
    """
    instead = assert_flags(RULE, body, "postgresql:15").instead or ""
    assert "postgresql_nulls_not_distinct=True" in instead
    assert "UNIQUE USING INDEX uq DEFERRABLE INITIALLY DEFERRED" in instead


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4"])
def test_other_engines_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.create_unique_constraint("uq_name", "account", ["name"])', server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.create_unique_constraint("uq_name", "account", ["name"])', "postgresql:15"
    )
    assert finding.message == (
        "Adding uq_name blocks every read and write of account until its index is built, and fails if two rows have "
        "the same name."
    )
    assert finding.instead == (
        "Build the unique index concurrently, and let the constraint take it over:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('uq_name', 'account', ['name'], unique=True, postgresql_concurrently=True)\n"
        '    op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE USING INDEX uq_name")'
    )
