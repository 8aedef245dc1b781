from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-create-index-blocking"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix_account_name", "account", ["name"])',
        'op.create_index("ix_account_name", "account", [sa.text("lower(name)")], unique=True)',
        'op.execute("CREATE INDEX ix_account_name ON account (name)")',
        'with op.batch_alter_table("account") as batch:\n    batch.create_index("ix_account_name", ["name"])',
    ],
)
def test_index_on_an_existing_table_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        'op.create_table("tag", sa.Column("id", sa.Integer()))\nop.create_index("ix_tag_id", "tag", ["id"])',
        'op.execute("CREATE INDEX CONCURRENTLY ix_account_name ON account (name)")',
        'op.execute("CREATE TABLE public.tag (id int)")\nop.create_index("ix_tag_id", "tag", ["id"])',
        'op.create_table("tag", sa.Column("id", sa.Integer()))\nop.execute("CREATE INDEX ON public.tag (id)")',
        'op.create_table("tag", sa.Column("id", sa.Integer()), schema="public")\nop.create_index("ix", "tag", ["id"])',
        """
        op.execute("CREATE MATERIALIZED VIEW totals AS SELECT name FROM account")
        op.create_index("ix_totals_name", "totals", ["name"])
        """,
    ],
)
def test_index_that_blocks_nobody_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4", "sqlite:3.40"])
def test_other_engines_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.create_index("ix_account_name", "account", ["name"])', server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.create_index("ix_account_name", "account", ["name"])', "postgresql:15")
    assert finding.message == (
        "Building index ix_account_name blocks every INSERT, UPDATE and DELETE on account until the whole table has "
        "been read; reads go on."
    )
    assert finding.instead == (
        "Build it concurrently, outside the transaction; writes then go on:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix_account_name', 'account', ['name'], unique=False, postgresql_concurrently=True)"
    )


def test_index_that_may_be_there_already_is_dropped_if_a_failed_build_left_it() -> None:
    body = 'op.create_index("ix_account_name", "account", ["name"], if_not_exists=True)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.instead == (
        "Build it concurrently, outside the transaction; writes then go on:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_index('ix_account_name', table_name='account', postgresql_concurrently=True, if_exists=True)\n"
        "        op.create_index('ix_account_name', 'account', ['name'], unique=False, postgresql_concurrently=True)"
    )
