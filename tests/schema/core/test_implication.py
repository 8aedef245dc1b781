from __future__ import annotations

import pytest

from app.schema.core.implication import implies_not_null


@pytest.mark.parametrize(
    "expression",
    [
        "email IS NOT NULL",
        "((email IS NOT NULL))",
        '"email" is not null',
        "member.email IS NOT NULL",
        "(email IS NOT NULL) AND (length(email) > 3)",
        "length(email) > 3 AND email IS NOT NULL AND name <> 'a OR b'",
        "(email IS NOT NULL AND a = 1) OR (email IS NOT NULL AND b = 2)",
    ],
)
def test_check_proves_that_there_is_a_value(expression: str) -> None:
    assert implies_not_null(expression, "email")


@pytest.mark.parametrize(
    "expression",
    [
        None,
        "",
        "email <> ''",
        "email IS NULL",
        "name IS NOT NULL",
        "email IS NOT NULL OR name IS NOT NULL",
        "NOT (email IS NOT NULL)",
        "CASE WHEN a AND email IS NOT NULL AND b THEN true END",
        "note = 'x AND email IS NOT NULL AND y'",
        "lower(email IS NOT NULL)",
    ],
)
def test_check_proves_nothing(expression: str | None) -> None:
    assert not implies_not_null(expression, "email")
