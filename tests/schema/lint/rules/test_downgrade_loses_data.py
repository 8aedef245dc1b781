from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "downgrade-loses-data"


@pytest.mark.parametrize(
    "downgrade",
    [
        'op.drop_column("account", "nick")',
        'op.drop_table("tag")',
        'op.execute("ALTER TABLE account DROP COLUMN nick")',
        'with op.batch_alter_table("account") as batch:\n    batch.drop_column("nick")',
    ],
)
def test_downgrade_that_drops_is_flagged(downgrade: str) -> None:
    assert_flags(RULE, "pass", "postgresql:15", downgrade=downgrade)


@pytest.mark.parametrize(
    "downgrade",
    [
        "pass",
        'op.drop_index("ix_book_title", table_name="book")',
        'op.drop_constraint("ck_book_pages", "book")',
        'op.alter_column("account", "name", new_column_name="nick")',
    ],
)
def test_downgrade_that_keeps_the_rows_is_clean(downgrade: str) -> None:
    assert_clean(RULE, "pass", "postgresql:15", downgrade=downgrade)


def test_it_is_silent_unless_asked_for() -> None:
    assert not [f for f in judge("pass", "sqlite:3.40", downgrade='op.drop_table("shelf")') if f.rule == RULE]


def test_message_in_full() -> None:
    finding = assert_flags(RULE, "pass", "postgresql:15", downgrade='op.drop_column("account", "nick")')
    assert finding.message == (
        "`flask db downgrade` deletes column nick of account with everything written to it since the upgrade; "
        "upgrading again does not bring the values back."
    )
    assert finding.instead == (
        'Copy the rows to another table first, or `raise NotImplementedError("not reversible: why")`.'
    )
