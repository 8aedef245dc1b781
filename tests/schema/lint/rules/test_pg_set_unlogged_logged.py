from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-set-unlogged-logged"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE shelf SET UNLOGGED")',
        'op.execute("ALTER TABLE shelf SET LOGGED")',
        'op.get_bind().execute(sa.text("ALTER TABLE IF EXISTS shop.cache SET LOGGED"))',
    ],
)
def test_change_of_persistence_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE UNLOGGED TABLE cache (id integer PRIMARY KEY)")',
        'op.execute("CREATE UNLOGGED TABLE cache (id integer)")\nop.execute("ALTER TABLE cache SET LOGGED")',
        'op.execute("ALTER TABLE shelf SET (fillfactor = 70)")',
    ],
)
def test_table_that_nobody_uses_or_that_stays_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("ALTER TABLE shelf SET UNLOGGED")', "postgresql:15")
    assert finding.message == (
        "SET UNLOGGED writes every row and every index of shelf anew; nobody can read or write shelf until that is "
        "done. From then on a crash empties shelf, and replicas do not have it."
    )
    assert finding.instead == (
        "Make a second table of the wanted kind, fill it in batches while a trigger keeps the two equal, and let the "
        "next release use it."
    )
