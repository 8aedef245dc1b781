from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-create-extension"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("CREATE EXTENSION citext")', "postgresql:15"),
        ('op.execute("CREATE EXTENSION IF NOT EXISTS postgis")', "postgresql:15"),
        ('op.execute("CREATE EXTENSION IF NOT EXISTS citext")', "postgresql:12"),
        ('op.execute("CREATE EXTENSION \\"uuid-ossp\\" WITH SCHEMA public")', "postgresql:15"),
    ],
)
def test_extension_that_may_be_out_of_reach_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE EXTENSION IF NOT EXISTS citext")',
        'op.execute("CREATE EXTENSION IF NOT EXISTS \\"uuid-ossp\\"")',
        'op.execute("ALTER EXTENSION postgis UPDATE")',
        'op.execute("DROP EXTENSION citext")',
    ],
)
def test_extension_that_the_owner_may_create_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("CREATE EXTENSION postgis")', "postgresql:15")
    assert finding.message == (
        "Only a superuser may create extension postgis on PostgreSQL 15: the revision fails where the deploy is none, "
        "or where the server lacks the extension."
    )
    assert finding.instead == (
        "Create it where databases are set up, before the application is deployed, and let the revision accept that:\n"
        "\n"
        '    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")'
    )
    assert finding.fix is None
