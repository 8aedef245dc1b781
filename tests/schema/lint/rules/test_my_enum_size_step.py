from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-enum-size-step"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                "op.execute(\"ALTER TABLE shelf ADD tags SET('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')\")\n"
                "op.execute(\"ALTER TABLE shelf MODIFY tags SET('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')\")"
            ),
            "mariadb:10.11",
        ),
        (
            (
                'many = [f"v{n}" for n in range(256)]\n'
                'op.alter_column("legacy", "k", type_=sa.Enum(*many), existing_type=sa.Enum(*many[:255]), '
                "existing_nullable=True)"
            ),
            "mysql:8.4",
        ),
    ],
)
def test_value_that_needs_another_byte_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                "op.execute(\"ALTER TABLE shelf ADD tags SET('a')\")\n"
                "op.execute(\"ALTER TABLE shelf MODIFY tags SET('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')\")"
            ),
            "mariadb:10.11",
        ),
        (
            (
                'many = [f"v{n}" for n in range(255)]\n'
                'op.alter_column("legacy", "k", type_=sa.Enum(*many), existing_type=sa.Enum(*many[:250]))'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", "published", "sold"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_value_that_fits_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'many = [f"v{n}" for n in range(256)]\n'
            'op.alter_column("legacy", "k", type_=sa.Enum(*many), existing_type=sa.Enum(*many[:255]), '
            "existing_nullable=True)"
        ),
        "mysql:8.4",
    )
    assert finding.message == (
        "With 256 values, legacy.k takes 2 bytes in each row instead of 1: MySQL copies the whole table "
        "legacy, and every INSERT, UPDATE and DELETE on it waits until that is done; it needs the table's "
        "size again on disk, and replicas fall behind."
    )
    assert finding.instead == (
        "Keep a list that grows in a table of its own, with a foreign key to it; or change it with gh-ost or "
        "pt-online-schema-change."
    )
