from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-schema"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("DROP SCHEMA archive CASCADE")', "postgresql:15"),
        ('op.execute("DROP SCHEMA IF EXISTS archive CASCADE")', "postgresql:15"),
        ('op.execute("DROP SCHEMA archive")', "mysql:8.4"),
        ('op.execute("DROP DATABASE archive")', "mariadb:10.11"),
        ('op.execute("DROP DATABASE archive")', "postgresql:15"),
        ('op.execute(sa.schema.DropSchema("archive", cascade=True))', "postgresql:15"),
    ],
)
def test_schema_with_tables_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("CREATE SCHEMA archive")', "postgresql:15"),
        (('op.execute("CREATE SCHEMA archive")\nop.execute("DROP SCHEMA archive")'), "postgresql:15"),
        ('op.execute("ALTER SCHEMA archive RENAME TO old")', "postgresql:15"),
        ('op.execute("CREATE DATABASE archive")', "mariadb:10.11"),
    ],
)
def test_schema_without_tables_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_schema_that_has_to_be_empty_is_a_warning() -> None:
    assert str(assert_flags(RULE, 'op.execute("DROP SCHEMA archive")', "postgresql:15").severity) == "warning"


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("DROP SCHEMA archive CASCADE")', "postgresql:15")
    assert finding.message == (
        "Every table in schema archive is lost with all its rows, and no downgrade brings them back."
    )
    assert finding.instead == (
        "Drop the tables of archive one by one, in releases of their own, once no running code uses them."
    )
