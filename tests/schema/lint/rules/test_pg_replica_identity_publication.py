from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-replica-identity-publication"
TIMEOUT = "op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
BARE = HISTORY + 'op.create_table("log", sa.Column("text", sa.Text()))\n'


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE shelf REPLICA IDENTITY FULL")',
        f'{TIMEOUT}op.execute("ALTER TABLE shelf REPLICA IDENTITY NOTHING")',
        'op.execute("ALTER TABLE shelf REPLICA IDENTITY USING INDEX shelf_pkey")',
        'op.execute("CREATE PUBLICATION p FOR TABLE shelf, log")',
        'op.execute("ALTER PUBLICATION p ADD TABLE log")',
        'op.execute("CREATE PUBLICATION p FOR ALL TABLES")',
    ],
)
def test_what_makes_writes_fail_or_cost_more_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", before=BARE)


@pytest.mark.parametrize(
    "body",
    [
        f'{TIMEOUT}op.execute("ALTER TABLE shelf REPLICA IDENTITY DEFAULT")',
        'op.execute("CREATE PUBLICATION p FOR TABLE shelf")',
        'op.execute("CREATE PUBLICATION p FOR TABLE unknown")',
        'op.execute("ALTER PUBLICATION p DROP TABLE log")',
        "op.execute(\"CREATE PUBLICATION p FOR TABLE log WITH (publish = 'insert')\")",
        'op.execute("DROP PUBLICATION p")',
    ],
)
def test_table_whose_rows_can_be_named_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", before=BARE)


def test_table_with_an_identity_of_its_own_is_clean() -> None:
    before = BARE + 'op.execute("ALTER TABLE log REPLICA IDENTITY FULL")'
    assert_clean(RULE, 'op.execute("CREATE PUBLICATION p FOR TABLE log")', "postgresql:15", before=before)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("ALTER TABLE shelf REPLICA IDENTITY FULL")', "postgresql:15")
    assert finding.message == (
        "Every UPDATE and DELETE of shelf writes all columns of the old row into the WAL as well. Setting it waits for "
        "every query that runs on shelf, and all later ones wait behind it."
    )
    assert finding.instead == (
        "Rely on the primary key, or on a unique index of columns that are NOT NULL, and give up after a short while:\n"
        "\n"
        "    op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
        '    op.execute("ALTER TABLE shelf REPLICA IDENTITY DEFAULT")'
    )
