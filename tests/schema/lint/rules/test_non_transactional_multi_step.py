from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "non-transactional-multi-step"
ADD = 'op.add_column("shelf", sa.Column("code", sa.String(9)))\n'


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4"])
@pytest.mark.parametrize(
    "body",
    [
        ADD + 'op.create_unique_constraint("uq", "account", ["name"])',
        ADD + 'op.create_index("ix", "account", ["name"], unique=True)',
        ADD + 'op.alter_column("account", "name", nullable=False, existing_type=sa.String(50))',
        ADD + 'op.create_foreign_key("fk", "shelf", "account", ["id"], ["id"])',
        ADD + 'op.execute("ALTER TABLE account MODIFY name varchar(20)")',
        'op.drop_index("ix_book_title", "book")\nop.create_check_constraint("ck", "book", "pages < 9000")',
    ],
)
def test_step_that_rows_can_stop_behind_another_is_flagged_once(body: str, server: str) -> None:
    assert_flags(RULE, body + "\nop.create_unique_constraint('uq2', 'account', ['bio'])", server)


@pytest.mark.parametrize(
    "body",
    [
        'op.create_unique_constraint("uq", "account", ["name"])',
        'op.create_unique_constraint("uq", "account", ["name"])\n' + ADD,
        ADD + 'op.create_index("ix", "account", ["name"])',
        'op.create_table("tag", sa.Column("a", sa.Text()))\nop.create_unique_constraint("uq", "tag", ["a"])',
        ADD + 'op.add_column("account", sa.Column("b", sa.Text()))',
        'op.execute("UPDATE shelf SET label = 1 WHERE id = 1")\nop.create_unique_constraint("uq", "shelf", ["label"])',
        'op.execute("DROP TABLE IF EXISTS tag")\nop.create_unique_constraint("uq", "shelf", ["label"])',
    ],
)
def test_single_step_or_harmless_order_is_clean(body: str) -> None:
    assert_clean(RULE, body, "mariadb:10.11")


@pytest.mark.parametrize("server", ["postgresql:15", "sqlite:3.40"])
def test_engines_that_take_everything_back_are_clean(server: str) -> None:
    assert_clean(RULE, ADD + 'op.create_index("ix", "account", ["name"], unique=True)', server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, ADD + 'op.create_unique_constraint("uq", "account", ["name"])', "mysql:8.4")
    assert finding.message == (
        "If rows of account stop this step, the change above it stays, the version does not change, and the revision "
        "cannot simply be run again: every schema change here commits by itself."
    )
    assert finding.instead == "Give this step a revision of its own."
