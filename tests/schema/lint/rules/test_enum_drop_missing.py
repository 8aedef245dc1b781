from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "enum-drop-missing"
TABLE = 'op.create_table("tag", sa.Column("kind", sa.Enum("a", "b", name="tag_kind")))'
TYPE = "op.execute(\"CREATE TYPE tag_kind AS ENUM ('a', 'b')\")"


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (TABLE, 'op.drop_table("tag")'),
        (TABLE, 'op.execute("DROP TABLE tag")'),
        (f'{TYPE}\nop.add_column("shelf", sa.Column("kind", sa.Enum("a", "b", name="tag_kind")))',
         'op.drop_column("shelf", "kind")'),
        (TABLE, 'op.drop_table("tag")\nop.execute("DROP TYPE other")'),
    ],
)  # fmt: skip
def test_type_that_stays_behind_is_flagged(upgrade: str, downgrade: str) -> None:
    assert_flags(RULE, upgrade, "postgresql:15", downgrade=downgrade)


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (TABLE, 'op.drop_table("tag")\nop.execute("DROP TYPE tag_kind")'),
        (TABLE, 'op.drop_table("tag")\nsa.Enum(name="tag_kind").drop(op.get_bind(), checkfirst=True)'),
        (TABLE, 'raise NotImplementedError("not reversible")'),
        (TABLE.replace("tag_kind", "book_status"), 'op.drop_table("tag")'),
        (TABLE.replace('"tag_kind"', '"tag_kind", native_enum=False'), 'op.drop_table("tag")'),
        ('op.create_table("tag", sa.Column("id", sa.Integer()))', 'op.drop_table("tag")'),
    ],
)
def test_type_that_goes_or_was_there_before_is_clean(upgrade: str, downgrade: str) -> None:
    assert_clean(RULE, upgrade, "postgresql:15", downgrade=downgrade)


@pytest.mark.parametrize("server", ["mariadb:10.11", "sqlite:3.40"])
def test_engines_without_enum_types_are_clean(server: str) -> None:
    assert_clean(RULE, TABLE, server, downgrade='op.drop_table("tag")')


def test_message_in_full() -> None:
    finding = assert_flags(RULE, TABLE, "postgresql:15", downgrade='op.drop_table("tag")')
    assert finding.message == (
        "After `flask db downgrade` the enum type tag_kind is still there, and the next upgrade fails with `type "
        '"tag_kind" already exists`: dropping the table or column does not drop it.'
    )
    assert finding.instead == (
        "Drop the type behind it:\n\n    op.drop_table('tag')\n    op.execute(\"DROP TYPE tag_kind\")"
    )
