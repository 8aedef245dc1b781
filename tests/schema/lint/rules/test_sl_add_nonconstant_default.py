from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-add-nonconstant-default"
ON = "sqlite:3.40"
BODY = 'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.func.now()))'


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.func.now()))',
        """
        op.add_column("shelf", sa.Column("extra", sa.DateTime(),
            server_default=sa.text("CURRENT_TIMESTAMP")))
        """,
        """
        op.add_column("shelf", sa.Column("extra", sa.DateTime(),
            server_default=sa.text("(CURRENT_TIMESTAMP)")))
        """,
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("(lower(\'A\'))")))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("(1 + 1)")))',
        'op.execute("ALTER TABLE shelf ADD COLUMN extra TEXT DEFAULT CURRENT_DATE")',
        "op.execute(\"ALTER TABLE shelf ADD COLUMN extra TEXT DEFAULT (datetime('now'))\")",
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("(random())")))',
    ],
)
def test_default_that_is_not_constant_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default="x"))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("0")))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("(-1)")))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.true()))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("\'{}\'")))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.text("(\'[]\')")))',
        'op.add_column("shelf", sa.Column("extra", sa.DateTime(), server_default=sa.null()))',
        'op.add_column("shelf", sa.Column("extra", sa.Integer()))',
        """
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("extra", sa.DateTime(), server_default=sa.func.now()))
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.add_column("tag", sa.Column("made", sa.DateTime(), server_default=sa.func.now()))
        """,
        "op.execute(\"ALTER TABLE shelf ADD COLUMN extra TEXT DEFAULT 'CURRENT_DATE'\")",
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        """,
    ],
)
def test_default_that_is_not_constant_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with `Cannot add a column with non-constant default` as soon as shelf holds "
        "one row: SQLite does not compute CURRENT_TIMESTAMP for rows that are there."
    )
    assert finding.instead == (
        "Let Alembic rebuild the table:\n"
        "\n"
        "    with op.batch_alter_table('shelf') as batch_op:\n"
        "        batch_op.add_column(sa.Column('extra', sa.DateTime(), "
        "server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=True))"
    )
