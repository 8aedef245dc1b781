from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "enum-created-twice"
KIND = 'sa.Enum("draft", "published", name="book_status")'
TABLE = f'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("kind", {KIND}))'


@pytest.mark.parametrize(
    "body",
    [
        TABLE,
        f"kind = {KIND.replace('book_status', 'new')}\nkind.create(op.get_bind())\n"
        + TABLE.replace("book_status", "new"),
        f'op.drop_table("book")\n{TABLE}',
        f"op.execute(\"CREATE TYPE new AS ENUM ('draft')\")\n{TABLE.replace('book_status', 'new')}",
    ],
)
def test_type_that_is_there_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        TABLE.replace("book_status", "new"),
        "from sqlalchemy.dialects.postgresql import ENUM\n"
        + TABLE.replace("sa.Enum", "ENUM").replace('"book_status"', '"book_status", create_type=False'),
        TABLE.replace('"book_status"', '"book_status", native_enum=False'),
        f'op.drop_table("book")\nop.execute("DROP TYPE book_status")\n{TABLE}',
        'op.execute("CREATE TABLE tag (id serial PRIMARY KEY, kind book_status)")',
        f'op.add_column("shelf", sa.Column("kind", {KIND}))',
    ],
)
def test_type_that_is_made_once_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "sqlite:3.40"])
def test_engines_without_enum_types_are_clean(server: str) -> None:
    assert_clean(RULE, TABLE, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, TABLE, "postgresql:15")
    assert finding.message == (
        'The revision fails with `type "book_status" already exists`: the enum type book_status is there, and '
        "op.create_table creates it again for column kind."
    )
    assert finding.instead == (
        "Use the type that is there:\n\n"
        "    from sqlalchemy.dialects import postgresql\n"
        "    sa.Column('kind', postgresql.ENUM('draft', 'published', name='book_status', create_type=False))"
    )
