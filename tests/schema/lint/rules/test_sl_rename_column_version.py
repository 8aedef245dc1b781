from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-rename-column-version"
ON = "sqlite:3.24"
BODY = 'op.alter_column("shelf", "label", new_column_name="name")'


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("shelf", "label", new_column_name="name")',
        'op.execute("ALTER TABLE shelf RENAME COLUMN label TO name")',
    ],
)
def test_rename_on_an_old_server_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", new_column_name="name")
        """,
        'op.rename_table("shelf", "rack")',
    ],
)
def test_rename_on_an_old_server_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with a syntax error: SQLite 3.24 cannot rename shelf.label; only 3.25 and "
        "newer have RENAME COLUMN."
    )
    assert finding.instead == (
        "Let Alembic rebuild the table:\n"
        "\n"
        "    with op.batch_alter_table('shelf') as batch_op:\n"
        "        batch_op.alter_column('label',\n"
        "                   new_column_name='name')"
    )


def test_newer_server_is_clean() -> None:
    assert_clean(RULE, BODY, "sqlite:3.25")
