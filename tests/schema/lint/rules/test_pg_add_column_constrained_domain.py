from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-constrained-domain"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100)")
        op.execute("ALTER TABLE account ADD COLUMN discount percent")
        """,
        """
        op.execute("CREATE DOMAIN filled AS text NOT NULL")
        op.execute("ALTER TABLE account ADD COLUMN note filled DEFAULT 'x'")
        """,
        """
        percent = sa.dialects.postgresql.DOMAIN("percent", sa.Integer(), check="VALUE >= 0")
        op.add_column("account", sa.Column("discount", percent))
        """,
    ],
)
def test_domain_with_rules_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE DOMAIN plain AS integer")
        op.execute("ALTER TABLE account ADD COLUMN discount plain")
        """,
        """
        plain = sa.dialects.postgresql.DOMAIN("plain", sa.Integer())
        op.add_column("account", sa.Column("discount", plain))
        """,
        """
        op.execute("CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100)")
        op.add_column("account", sa.Column("discount", sa.Integer()))
        """,
        """
        op.execute("CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100)")
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.execute("ALTER TABLE tag ADD COLUMN share percent")
        """,
    ],
)
def test_domain_without_rules_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.execute("CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100)")
    op.execute("ALTER TABLE account ADD COLUMN discount percent")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL writes it and all its indexes anew to test "
        "discount of every row against the domain percent; the more rows, the longer."
    )
    assert finding.instead == (
        "Give discount the type below the domain, and put the rule of percent into a CHECK of the table:\n"
        "\n"
        '    op.add_column("account", sa.Column("discount", …))\n'
        '    op.create_check_constraint("ck_account_discount", "account", "…", postgresql_not_valid=True)\n'
        "    # revision 2, after r1\n"
        '    op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_discount")'
    )
