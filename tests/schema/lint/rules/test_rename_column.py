from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "rename-column"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.alter_column("account", "name", new_column_name="full_name")', "postgresql:15"),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.alter_column("name", new_column_name="full_name")'
            ),
            "sqlite:3.40",
        ),
        ('op.execute("ALTER TABLE account RENAME COLUMN name TO full_name")', "postgresql:15"),
        ('op.execute("ALTER TABLE account CHANGE name full_name VARCHAR(50)")', "mysql:8.4"),
        ('op.alter_column("of_long_ago", "a", new_column_name="b")', "postgresql:15"),
    ],
)
def test_new_name_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("account", "name", existing_type=sa.String(50), type_=sa.String(80))',
            "postgresql:15",
        ),
        (
            (
                'op.add_column("account", sa.Column("tmp", sa.Text()))\n'
                'op.alter_column("account", "tmp", new_column_name="text")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.alter_column("tag", "label", new_column_name="text")'
            ),
            "postgresql:15",
        ),
        ('op.execute("ALTER TABLE account CHANGE name name VARCHAR(80)")', "mariadb:10.11"),
        (
            (
                'op.alter_column("account", "name", new_column_name="full_name")\n'
                'op.add_column("account", sa.Column("name", sa.String(50), sa.Computed("full_name", '
                "persisted=True)))"
            ),
            "postgresql:15",
        ),
        (
            (
                'op.rename_table("account", "account_base")\n'
                'op.alter_column("account_base", "name", new_column_name="full_name")\n'
                'op.execute("CREATE VIEW account AS SELECT id, full_name AS name FROM account_base")'
            ),
            "postgresql:15",
        ),
    ],
)
def test_name_that_stays_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.alter_column("account", "name", new_column_name="full_name")', "postgresql:15"
    )
    assert finding.message == (
        "Running code fails on every query of account once name is called full_name, and new code fails until "
        "then: there is no moment at which both versions of the application work."
    )
    assert finding.instead == (
        'Keep the name in the database and rename the attribute in the model: full_name = db.Column("name", …). '
        "Or add a second column, write both from the code, and drop the old one in a later release:\n"
        "\n"
        "    op.add_column('account', sa.Column('full_name', sa.String(length=50), nullable=True))"
    )
