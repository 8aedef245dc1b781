from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-using-index-ineligible"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq ON account (name) WHERE active")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        """
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq ON account (lower(name))")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        """
        op.execute("CREATE INDEX CONCURRENTLY uq ON account (name)")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        """
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq ON account (name DESC)")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        """
        op.create_index("uq", "account", ["name"], unique=True, postgresql_where=sa.text("active"))
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
    ],
)
def test_index_that_cannot_be_taken_over_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq ON account (name)")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        """
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq ON account USING btree (name, age)")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        'op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX from_elsewhere")',
        'op.create_unique_constraint("uq", "account", ["name"])',
        'op.create_index("uq", "account", ["name"], unique=True, postgresql_where=sa.text("active"))',
    ],
)
def test_index_that_can_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq ON account (name) WHERE active")
    op.execute("ALTER TABLE account ADD CONSTRAINT uq UNIQUE USING INDEX uq")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "The revision fails: uq is partial, so it cannot become a constraint of account."
    )
    assert finding.instead == (
        "Build a plain unique index on the columns for it:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.create_index("uq", "account", [...], unique=True, postgresql_concurrently=True)'
    )
