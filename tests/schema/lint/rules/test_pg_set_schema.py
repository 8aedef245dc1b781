from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-set-schema"
MOVE = 'op.execute("ALTER TABLE shelf SET SCHEMA archive")'


@pytest.mark.parametrize(
    "body",
    [
        MOVE,
        'op.execute("ALTER TABLE shop.product SET SCHEMA archive")',
        f'{MOVE}\nop.execute("CREATE VIEW rack AS SELECT * FROM archive.shelf")',
    ],
)
def test_move_to_another_schema_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        f'{MOVE}\nop.execute("CREATE VIEW shelf AS SELECT * FROM archive.shelf")',
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("ALTER TABLE t SET SCHEMA archive")',
        'op.execute("ALTER TABLE shop.product SET SCHEMA shop")',
    ],
)
def test_table_that_is_found_where_it_was_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, MOVE, "postgresql:15")
    assert finding.message == (
        "Running code fails on every query of shelf once it is archive.shelf, and new code fails until then."
    )
    assert finding.instead == (
        "Leave a view in its old place, in the same transaction, until no running code uses it:\n"
        "\n"
        f"    {MOVE}\n"
        '    op.execute("CREATE VIEW shelf AS SELECT * FROM archive.shelf")'
    )
