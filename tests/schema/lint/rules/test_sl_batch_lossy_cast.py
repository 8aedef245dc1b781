from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-lossy-cast"
ON = "sqlite:3.40"
BODY = """
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Integer())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Integer())
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.alter_column("isbn", type_=sa.Numeric(13))
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("created_at", type_=sa.Date())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("balance", type_=sa.Integer())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.DateTime())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("name", type_=sa.Boolean())
        """,
        """
        with op.batch_alter_table("other") as batch:
            batch.alter_column("size", type_=sa.Integer(), existing_type=sa.Text())
        """,
    ],
)
def test_type_change_that_changes_values_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("age", type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("age", type_=sa.String(20))
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("created_at", type_=sa.DateTime(timezone=True))
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("created_at", type_=sa.String(40))
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("active", type_=sa.Integer())
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.alter_column("pages", type_=sa.Numeric(10, 2))
        """,
        """
        op.execute("UPDATE shelf SET label = NULL WHERE label GLOB '*[^0-9]*'")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Integer())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.JSON())
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.LargeBinary())
        """,
    ],
)
def test_type_change_that_changes_values_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "Values of shelf.label are changed without an error: the block copies them through CAST(label AS "
        "INTEGER), and SQLite takes the digits at the beginning: 'abc' becomes 0, '12x' becomes 12."
    )
    assert finding.instead == (
        "Look for values that change first; better, fill a new column and drop the old one in a later release:\n"
        "\n"
        "    SELECT label, CAST(label AS INTEGER) FROM shelf WHERE CAST(label AS INTEGER) <> label"
    )


def test_runner_that_looks_at_the_values_first_is_a_warning() -> None:
    finding = assert_flags(RULE, BODY, ON, guarded_rebuild=True)
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "The revision stops if a value of shelf.label does not stay the same as INTEGER, and nothing is changed then: "
        "a developer's rows may pass where others do not."
    )
