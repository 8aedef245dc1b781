from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-schema-rename"
RENAME = 'op.execute("ALTER SCHEMA shop RENAME TO store")'


@pytest.mark.parametrize("body", [RENAME, 'op.get_bind().execute(sa.text("ALTER SCHEMA a RENAME TO b"))'])
def test_new_name_of_a_schema_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        f'op.execute("CREATE SCHEMA shop")\n{RENAME}',
        'op.execute("CREATE SCHEMA store")',
        'op.execute("ALTER SCHEMA shop OWNER TO admin")',
    ],
)
def test_schema_that_keeps_its_name_or_is_new_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    before = HISTORY + 'op.create_table("product", sa.Column("id", sa.Integer()), schema="shop")'
    finding = assert_flags(RULE, RENAME, "postgresql:15", before=before)
    assert finding.message == (
        "Running code fails on every table of schema shop once it is called store, and new code fails until then."
    )
    assert finding.instead == (
        "Make the new schema beside it, with a view for each table, and let the next release use that one:\n"
        "\n"
        '    op.execute("CREATE SCHEMA store")\n'
        '    op.execute("CREATE VIEW store.product AS SELECT * FROM shop.product")'
    )
