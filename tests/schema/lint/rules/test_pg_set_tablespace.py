from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-set-tablespace"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE shelf SET TABLESPACE fast")',
        'op.execute("ALTER TABLE ONLY shop.product SET TABLESPACE fast")',
    ],
)
def test_move_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE TABLE t (id integer) TABLESPACE fast")',
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("ALTER TABLE t SET TABLESPACE fast")',
        'op.execute("ALTER TABLE shelf SET (autovacuum_enabled = false)")',
    ],
)
def test_table_that_stays_or_is_new_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("ALTER TABLE shelf SET TABLESPACE fast")', "postgresql:15")
    assert finding.message == (
        "Moving shelf to tablespace fast copies all of it; nobody can read or write shelf until the last byte has been "
        "copied."
    )
    assert finding.instead == (
        "Leave it out of the revision and move the table with pg_repack, which locks it for a moment only:\n"
        "\n"
        "    pg_repack --table shelf --tablespace fast"
    )
