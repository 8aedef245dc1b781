from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-drop-trigger-function-cascade"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("DROP FUNCTION stamp() CASCADE")',
        'op.execute("DROP FUNCTION IF EXISTS shop.stamp(integer, text) CASCADE")',
        'op.execute("DROP PROCEDURE tidy CASCADE")',
    ],
)
def test_cascade_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("DROP FUNCTION stamp()")',
        'op.execute("DROP FUNCTION stamp() RESTRICT")',
        (
            "op.execute(\"CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'\")\n"
            'op.execute("DROP FUNCTION one() CASCADE")'
        ),
    ],
)
def test_function_that_takes_nothing_along_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("DROP FUNCTION stamp() CASCADE")', "postgresql:15")
    assert finding.message == (
        "Together with function stamp, CASCADE drops every trigger, default, CHECK and policy that calls it, and locks "
        "their tables against reads and writes until the transaction ends; the revision names none of them."
    )
    assert finding.instead == (
        "Drop what calls it by name, then the function without CASCADE; PostgreSQL refuses if something is left:\n"
        "\n"
        '    op.execute("DROP TRIGGER … ON …")\n'
        '    op.execute("DROP FUNCTION stamp()")'
    )
