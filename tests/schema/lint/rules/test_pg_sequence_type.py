from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-sequence-type"


@pytest.mark.parametrize(
    ("history", "body"),
    [
        (
            'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))',
            'op.alter_column("t", "id", type_=sa.BigInteger())',
        ),
        (
            'op.execute("CREATE TABLE t (id serial PRIMARY KEY)")',
            'op.execute("ALTER TABLE t ALTER COLUMN id TYPE bigint")',
        ),
        (
            "op.execute(\"CREATE TABLE t (id integer DEFAULT nextval('number') PRIMARY KEY)\")",
            'op.execute("ALTER TABLE t ALTER COLUMN id TYPE bigint")',
        ),
    ],
)
def test_sequence_that_stays_behind_is_flagged(history: str, body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", before=history)


@pytest.mark.parametrize(
    ("history", "body"),
    [
        (
            'op.execute("CREATE TABLE t (id serial PRIMARY KEY)")',
            'op.execute("ALTER TABLE t ALTER id TYPE bigint")\nop.execute("ALTER SEQUENCE t_id_seq AS bigint")',
        ),
        (
            'op.execute("CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")',
            'op.execute("ALTER TABLE t ALTER id TYPE bigint")',
        ),
        (
            'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))',
            'op.alter_column("t", "n", type_=sa.BigInteger())',
        ),
        (
            'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))',
            'op.alter_column("t", "id", type_=sa.Integer())',
        ),
    ],
)
def test_column_whose_sequence_follows_or_that_has_none_is_clean(history: str, body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", before=history)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.alter_column("shelf", "id", type_=sa.BigInteger())', "postgresql:15")
    assert finding.message == (
        "shelf.id becomes bigint, but its sequence shelf_id_seq stays integer: when it reaches its limit, every "
        "INSERT fails as if the column had never been widened."
    )
    assert finding.instead == (
        "Widen the sequence with it; that takes no time:\n"
        "\n"
        "    op.alter_column('shelf', 'id',\n"
        "               type_=sa.BigInteger())\n"
        "    op.execute('ALTER SEQUENCE shelf_id_seq AS bigint')"
    )
