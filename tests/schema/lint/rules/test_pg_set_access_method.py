from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-set-access-method"
CHANGE = 'op.execute("ALTER TABLE shelf SET ACCESS METHOD columnar")'


@pytest.mark.parametrize("server", ["postgresql:15", "postgresql:17", "postgresql:14"])
def test_other_access_method_is_flagged(server: str) -> None:
    finding = assert_flags(RULE, CHANGE, server)
    assert finding.message.startswith("The revision fails") == (server == "postgresql:14")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE TABLE t (id integer) USING columnar")',
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("ALTER TABLE t SET ACCESS METHOD columnar")',
        'op.execute("ALTER TABLE shelf CLUSTER ON shelf_pkey")',
    ],
)
def test_table_that_stays_or_is_new_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, CHANGE, "postgresql:15")
    assert finding.message == (
        "SET ACCESS METHOD columnar writes every row and every index of shelf anew; nobody can read or write shelf "
        "until that is done."
    )
    assert finding.instead == (
        "Make a second table with that access method, fill it in batches while a trigger keeps the two equal, and let "
        "the next release use it."
    )
