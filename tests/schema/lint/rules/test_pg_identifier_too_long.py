from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-identifier-too-long"
LONG = "n" * 64
FITS = "n" * 63


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("{}", "shelf", ["label"])',
        'op.execute("CREATE INDEX {} ON shelf (label)")',
        'op.create_table("{}", sa.Column("id", sa.Integer()))',
        'op.create_table("t", sa.Column("{}", sa.Integer()))',
        'op.create_table("t", sa.Column("id", sa.Integer()), sa.UniqueConstraint("id", name="{}"))',
        'op.add_column("shelf", sa.Column("{}", sa.Integer()))',
        'op.execute("ALTER TABLE shelf ADD CONSTRAINT {} CHECK (id > 0) NOT VALID")',
        'op.alter_column("shelf", "label", new_column_name="{}")',
        'op.rename_table("shelf", "{}")',
        "op.execute(\"CREATE TYPE {} AS ENUM ('a')\")",
        'op.execute("CREATE VIEW {} AS SELECT 1 AS one")',
        'op.execute("ALTER SCHEMA shop RENAME TO {}")',
    ],
)
def test_name_of_more_than_63_bytes_is_flagged(body: str) -> None:
    assert_flags(RULE, body.format(LONG), "postgresql:15")
    assert_clean(RULE, body.format(FITS), "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        f'op.create_index(op.f("{LONG}"), "shelf", ["label"])',
        f'op.execute("DROP INDEX {LONG}")',
        f"op.execute(\"INSERT INTO shelf (label) VALUES ('{LONG}')\")",
        f"op.execute(\"COMMENT ON TABLE shelf IS '{LONG}'\")",
        f'op.execute("CREATE VIEW {FITS[:30]}.{FITS[:60]} AS SELECT 1 AS one")',
    ],
)
def test_name_that_fits_or_makes_nothing_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_bytes_count_and_not_characters() -> None:
    assert_flags(RULE, f'op.create_index("{"ü" * 32}", "shelf", ["label"])', "postgresql:15")
    assert_clean(RULE, f'op.create_index("{"ü" * 31}", "shelf", ["label"])', "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, f'op.execute("CREATE INDEX {LONG} ON shelf (label)")', "postgresql:15")
    assert finding.message == (
        f"PostgreSQL silently calls it {FITS}: the name {LONG} has 64 bytes, and 63 are kept."
    )
    assert (
        finding.instead == f"Give it a short name of its own. What PostgreSQL would make of it:\n\n    {FITS}"
    )


def test_operation_that_fails_says_so() -> None:
    finding = assert_flags(RULE, f'op.create_index("{LONG}", "shelf", ["label"])', "postgresql:15")
    assert finding.message.startswith("The revision fails with IdentifierError: ")
