from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-inline-check"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("score", sa.Integer(), sa.CheckConstraint("score >= 0")))',
        'op.add_column("account", sa.Column("score", sa.Integer(), sa.CheckConstraint("score>0"), server_default="1"))',
        'op.add_column("account", sa.Column("kind", sa.Enum("a", native_enum=False, create_constraint=True)))',
        'op.execute("ALTER TABLE account ADD COLUMN score int DEFAULT 1 CHECK (score >= 0)")',
    ],
)
def test_check_in_the_column_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("score", sa.Integer()))',
        'op.add_column("account", sa.Column("kind", sa.Enum("a", "b", name="kind", native_enum=False)))',
        'op.add_column("account", sa.Column("flag", sa.Boolean(create_constraint=True)))',
        """
        op.add_column("account", sa.Column("score", sa.Integer()))
        op.create_check_constraint("ck_s", "account", "score >= 0", postgresql_not_valid=True)
        """,
        """
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("n", sa.Integer(), sa.CheckConstraint("n > 0")))
        """,
    ],
)
def test_column_without_check_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("score", sa.Integer(), sa.CheckConstraint("score >= 0")))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL tests every row against the CHECK of score; the "
        "more rows, the longer."
    )
    assert finding.instead == (
        "Add the column, and the CHECK as NOT VALID; validate it in the next revision, while everybody goes "
        "on working:\n"
        "\n"
        "    op.add_column('account', sa.Column('score', sa.Integer(), nullable=True))\n"
        "    op.create_check_constraint('ck_account_score', 'account', 'score >= 0', "
        "postgresql_not_valid=True)\n"
        "    # revision 2, after r1\n"
        '    op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_score")'
    )
