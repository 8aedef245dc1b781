from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-int-pk-widen"


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "id", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.execute("ALTER TABLE account ALTER COLUMN id TYPE bigint")',
        'op.alter_column("book", "account_id", type_=sa.BigInteger())',
        'op.execute("ALTER TABLE shelf ALTER id TYPE int8 USING id::int8")',
    ],
)
def test_wider_key_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.alter_column("account", "id", type_=sa.SmallInteger(), existing_type=sa.Integer())',
        'op.alter_column("account", "id", type_=sa.Integer(), existing_type=sa.Integer())',
        (
            'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\n'
            'op.alter_column("t", "id", type_=sa.BigInteger())'
        ),
    ],
)
def test_other_change_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.alter_column("account", "id", type_=sa.BigInteger())', "postgresql:15")
    assert finding.message == (
        "Widening the key account.id to bigint writes every row and every index of account anew; nobody can read or "
        "write account until that is done. book.account_id stays integer and rejects larger keys."
    )
    assert finding.instead is not None
    assert finding.instead.startswith(
        "Fill a second column beside it, swap the two in one short transaction, and do the same with each column that "
        "refers to it:\n\n    op.add_column('account', sa.Column('id_new', sa.BigInteger(), nullable=True))\n"
    )
