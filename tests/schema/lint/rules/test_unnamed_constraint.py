from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "unnamed-constraint"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_unique_constraint(None, "account", ["name"])',
        'op.create_foreign_key(None, "shelf", "account", ["id"], ["id"])',
        'op.create_check_constraint(None, "account", "age > 0")',
        'op.execute("ALTER TABLE account ADD UNIQUE (name)")',
        'op.drop_constraint(None, "account", type_="unique")',
    ],
)
def test_constraint_without_a_name_is_flagged(body: str) -> None:
    severity = assert_flags(RULE, body, "postgresql:15").severity
    assert severity is (Severity.ERROR if "drop" in body else Severity.WARNING)


def test_unnamed_drop_in_the_downgrade_is_flagged() -> None:
    upgrade = 'op.create_unique_constraint("uq_account_name", "account", ["name"])'
    downgrade = 'op.drop_constraint(None, "account", type_="unique")'
    finding = assert_flags(RULE, upgrade, "mariadb:10.11", downgrade=downgrade)
    assert finding.instead is not None
    assert "op.drop_constraint('uq_account_name', 'account', type_='unique')" in finding.instead


def test_unnamed_constraint_in_a_rebuild_of_sqlite_is_an_error() -> None:
    body = (
        'with op.batch_alter_table("account") as batch:\n    batch.create_unique_constraint(None, ["name"])'
    )
    assert assert_flags(RULE, body, "sqlite:3.40").severity is Severity.ERROR


@pytest.mark.parametrize(
    "body",
    [
        'op.create_unique_constraint("uq_account_name", "account", ["name"])',
        'op.create_unique_constraint(op.f("uq_account_name"), "account", ["name"])',
        'op.drop_constraint("uq_account_email", "account")',
        'op.create_table("tag", sa.Column("a", sa.Integer(), sa.ForeignKey("account.id")), sa.UniqueConstraint("a"))',
        'op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE (name)")',
        'op.create_index(None, "account", ["name"])',
    ],
)
def test_constraint_with_a_name_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.drop_constraint(None, "account", type_="unique")', "postgresql:15")
    assert finding.message == (
        "This fails on every engine: a unique constraint of account cannot be dropped without its name."
    )
    assert finding.instead == (
        "Give the name that the constraint has in the database:\n\n"
        "    op.drop_constraint('uq_account_email', 'account', type_='unique')"
    )


def test_fix_of_a_batch_block_stays_in_one_on_sqlite() -> None:
    body = 'with op.batch_alter_table("shelf") as batch:\n    batch.create_unique_constraint(None, ["label"])'
    assert assert_flags(RULE, body, "sqlite:3.40").instead == (
        "Name it:\n\n"
        "    with op.batch_alter_table('shelf') as batch_op:\n"
        "        batch_op.create_unique_constraint('shelf_label_key', ['label'])"
    )
