from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-drop-column-version"
ON = "sqlite:3.34"
BODY = 'op.drop_column("shelf", "label")'


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_column("shelf", "label")',
        'op.execute("ALTER TABLE shelf DROP COLUMN label")',
    ],
)
def test_drop_on_an_old_server_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.drop_column("label")
        """,
        'op.add_column("shelf", sa.Column("rank", sa.Integer()))',
    ],
)
def test_drop_on_an_old_server_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with a syntax error: SQLite 3.34 cannot drop shelf.label; only 3.35 and newer "
        "have DROP COLUMN."
    )
    assert finding.instead == (
        "Let Alembic rebuild the table:\n"
        "\n"
        "    with op.batch_alter_table('shelf') as batch_op:\n"
        "        batch_op.drop_column('label')"
    )


def test_newer_server_is_clean() -> None:
    assert_clean(RULE, BODY, "sqlite:3.35")
