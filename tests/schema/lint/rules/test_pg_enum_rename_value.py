from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-enum-rename-value"
RENAME = "op.execute(\"ALTER TYPE book_status RENAME VALUE 'draft' TO 'new'\")"


@pytest.mark.parametrize("body", [RENAME, "op.execute(\"ALTER TYPE shop.mood RENAME VALUE 'a' TO 'b'\")"])
def test_new_name_of_a_value_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        "op.execute(\"CREATE TYPE mood AS ENUM ('a')\")\nop.execute(\"ALTER TYPE mood RENAME VALUE 'a' TO 'b'\")",
        "op.execute(\"ALTER TYPE book_status ADD VALUE 'new'\")",
        'op.execute("ALTER TYPE book_status RENAME TO state")',
        (
            "op.execute(\"ALTER TYPE book_status ADD VALUE 'lots'\")\n"
            "op.execute(\"ALTER TYPE book_status RENAME VALUE 'lots' TO 'lost'\")"
        ),
    ],
)
def test_value_that_nobody_knows_yet_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, RENAME, "postgresql:15")
    assert finding.message == (
        "Running code that writes or asks for 'draft' of book_status gets an error as soon as it is called 'new', and "
        "rows with 'new' raise LookupError in it."
    )
    assert finding.instead == (
        "Add the new value, let a release understand both, then change the rows in batches and leave the old one "
        "unused:\n"
        "\n"
        "    op.execute(\"ALTER TYPE book_status ADD VALUE 'new'\")\n"
        "    # revision 2, when the code that understands both runs everywhere: change the rows in batches"
    )
