"""Errors that are kept hold nobody's data and no password."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from app.schema.core.error_text import error_text

SQLALCHEMY = """[SQL: INSERT INTO user (email) VALUES (%(email)s)]
[parameters: {'email': 'ann@example.org'}]
(Background on this error at: https://sqlalche.me/e/20/gkpj)"""


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (
            'duplicate key value violates unique constraint "uq_user_email"\nDETAIL:  Key (email)=(ann@x.org) exists.\n'
            + SQLALCHEMY,
            'duplicate key value violates unique constraint "uq_user_email"\nDETAIL:  Key (email)=(?) exists.',
        ),
        (
            "DETAIL:  Failing row contains (1, ann@example.org, f(x)).",
            "DETAIL:  Failing row contains (?).",
        ),
        (
            "(1062, \"Duplicate entry 'ann@example.org' for key 'uq_email'\")",
            "(1062, \"Duplicate entry ? for key 'uq_email'\")",
        ),
        ("(1146, \"Table 'shop.user' doesn't exist\")", "(1146, \"Table 'shop.user' doesn't exist\")"),
        ('invalid input syntax for type integer: "12x"', "invalid input syntax for type integer: ?"),
        ("no such table: user", "no such table: user"),
        ("cannot reach postgresql://ann:secret@db/shop", "cannot reach postgresql://ann:***@db/shop"),
        ("connection to password=secret host=db failed", "connection to password=*** host=db failed"),
        ("my word: s3cr3t!", "my word: ***"),
    ],
)
def test_error_is_kept_without_data(words: str, kept: str) -> None:
    assert error_text(RuntimeError(words), "s3cr3t!") == f"RuntimeError: {kept}"


def test_only_the_first_lines_are_kept() -> None:
    text = error_text(ValueError("\n".join(["x" * 1000] * 100)))
    assert len(text) < 2000
    assert error_text(KeyboardInterrupt()) == "KeyboardInterrupt"


def test_statement_is_kept_with_its_literals_masked() -> None:
    error = DBAPIError(
        "UPDATE user SET name = 'ann' WHERE id = 7", {"x": "secret"}, ValueError("no such table: user")
    )
    assert error_text(error).splitlines() == [
        "DBAPIError: (builtins.ValueError) no such table: user",
        "SQL: UPDATE user SET name = ? WHERE id = ?",
    ]
