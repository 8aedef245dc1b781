from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-json-column"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("settings", sa.JSON()))',
        'op.add_column("account", sa.Column("settings", sa.dialects.postgresql.JSON()))',
        """op.execute("ALTER TABLE account ADD COLUMN settings json NOT NULL DEFAULT '{}'")""",
    ],
)
def test_json_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("settings", sa.dialects.postgresql.JSONB()))',
        """
        JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
        op.add_column("account", sa.Column("settings", JSON))
        """,
        'op.execute("ALTER TABLE account ADD COLUMN settings jsonb")',
        'op.create_table("tag", sa.Column("settings", sa.JSON()))',
    ],
)
def test_jsonb_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("settings", sa.JSON()))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "From this revision on, SELECT DISTINCT, GROUP BY and UNION over whole rows of account fail: settings"
        " is json, which has no equality."
    )
    assert finding.instead == (
        "Use jsonb, in the model too:\n"
        "\n"
        "    op.add_column('account', sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), "
        "nullable=True))"
    )
