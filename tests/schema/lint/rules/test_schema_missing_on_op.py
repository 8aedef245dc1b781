from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "schema-missing-on-op"
BEFORE = f'{HISTORY}\nop.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), schema="shop")'


@pytest.mark.parametrize("server", ["postgresql:15", "mariadb:10.11"])
@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("tag", sa.Column("code", sa.String(9)))',
        'op.drop_table("tag")',
        'op.create_index("ix", "tag", ["id"])',
        'op.create_foreign_key("fk", "tag", "account", ["id"], ["id"])',
        'op.execute("ALTER TABLE tag ADD COLUMN code varchar(9)")',
        'with op.batch_alter_table("tag") as batch:\n    batch.add_column(sa.Column("code", sa.String(9)))',
    ],
)
def test_table_of_a_schema_without_it_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server, before=BEFORE)


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("tag", sa.Column("code", sa.String(9)), schema="shop")',
        'op.execute("ALTER TABLE shop.tag ADD COLUMN code varchar(9)")',
        'op.execute("SET search_path TO shop")\nop.add_column("tag", sa.Column("code", sa.String(9)))',
        'op.create_table("tag", sa.Column("id", sa.Integer()))\nop.add_column("tag", sa.Column("a", sa.Text()))',
        'op.create_table("tag", sa.Column("id", sa.Integer()), schema="b")\nop.drop_table("tag")',
        'op.add_column("account", sa.Column("code", sa.String(9)))',
        'op.add_column("elsewhere", sa.Column("code", sa.String(9)))',
    ],
)
def test_table_that_is_named_in_full_or_unclear_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", before=BEFORE)


def test_message_in_full() -> None:
    body = 'op.add_column("tag", sa.Column("code", sa.String(9)))'
    finding = assert_flags(RULE, body, "postgresql:15", before=BEFORE)
    assert finding.message == (
        "tag was created in the schema shop, and this operation does not name a schema: it fails, or changes another "
        "table of that name, depending on where the connection looks."
    )
    assert finding.instead == (
        "Name the schema:\n\n"
        "    op.add_column('tag', sa.Column('code', sa.String(length=9), nullable=True), schema='shop')"
    )
