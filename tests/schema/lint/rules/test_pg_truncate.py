from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-truncate"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("TRUNCATE shelf")',
        'op.execute("TRUNCATE TABLE ONLY shelf RESTART IDENTITY")',
        'op.execute(sa.text("TRUNCATE account CASCADE"))',
        'op.execute("TRUNCATE session")',
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("TRUNCATE t, shelf")',
    ],
)
def test_truncate_of_a_table_with_rows_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("TRUNCATE t")',
        'op.execute("DELETE FROM shelf WHERE id = 1")',
        "op.execute(\"SELECT date_trunc('day', created_at) FROM account\")",
    ],
)
def test_table_without_rows_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("TRUNCATE account CASCADE")', "postgresql:15")
    assert finding.message == (
        "All rows of account are lost for good, and nobody can read or write account until the transaction ends. "
        "CASCADE does the same to book."
    )
    assert finding.instead is not None
    assert finding.instead.startswith(
        "Delete the rows that nobody needs in batches, in a revision of its own:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
    )


def test_foreign_keys_that_make_it_fail_are_named() -> None:
    finding = assert_flags(RULE, 'op.execute("TRUNCATE account")', "postgresql:15")
    assert finding.message.endswith("The revision fails: foreign keys of book refer to it.")
