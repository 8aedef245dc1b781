from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-add-references-default"
ON = "sqlite:3.40"
BODY = 'op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER DEFAULT 1 REFERENCES account (id)")'


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER DEFAULT 1 REFERENCES account (id)")',
        """
        op.add_column("shelf", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"),
            server_default="1"), inline_references=True)
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"),
                server_default="1"), inline_references=True)
        """,
    ],
)
def test_referring_column_with_a_default_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER REFERENCES account (id)")',
        'op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER DEFAULT NULL REFERENCES account (id)")',
        """
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER DEFAULT 1 REFERENCES account (id)")
        """,
        'op.execute("ALTER TABLE shelf ADD COLUMN rank INTEGER DEFAULT 1")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.execute("ALTER TABLE tag ADD COLUMN account_id INTEGER DEFAULT 1 REFERENCES account (id)")
        """,
    ],
)
def test_referring_column_with_a_default_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with `Cannot add a REFERENCES column with non-NULL default value` as soon as "
        "shelf holds one row."
    )
    assert finding.instead == (
        "Add account_id without a default, and write the value into the rows that are there:\n"
        "\n"
        '    op.add_column("shelf", sa.Column("account_id", …, sa.ForeignKey("…")), inline_references=True)\n'
        '    op.execute("UPDATE shelf SET account_id = … WHERE …")'
    )


def test_runner_that_switches_foreign_keys_off_is_clean() -> None:
    assert_clean(RULE, BODY, ON, foreign_keys=False)
