from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "client-default-only"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, default="free"))'),
            "postgresql:15",
        ),
        (
            'op.add_column("account", sa.Column("credit", sa.Integer(), nullable=False, default=0))',
            "mariadb:10.11",
        ),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.add_column(sa.Column("beta", sa.Boolean(), nullable=False, default=False))'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.add_column("account", sa.Column("at", sa.DateTime(), nullable=False, '
                "default=lambda: None))"
            ),
            "mysql:8.4",
        ),
    ],
)
def test_default_in_python_alone_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, '
                'default="free", server_default="free"))'
            ),
            "postgresql:15",
        ),
        ('op.add_column("account", sa.Column("plan", sa.String(20), default="free"))', "postgresql:15"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.add_column("tag", sa.Column("plan", sa.String(20), nullable=False, default="free"))'
            ),
            "postgresql:15",
        ),
        ('op.add_column("account", sa.Column("plan", sa.String(20), nullable=False))', "mariadb:10.11"),
        (
            "op.execute(\"ALTER TABLE account ADD COLUMN plan varchar(20) NOT NULL DEFAULT 'free'\")",
            "sqlite:3.40",
        ),
    ],
)
def test_default_that_the_database_knows_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


@pytest.mark.parametrize(
    ("value", "written"), [("True", "sa.text('true')"), ("7", "sa.text('7')"), ("'x'", "'x'")]
)
def test_default_of_each_kind_is_written_for_the_database(value: str, written: str) -> None:
    body = f'op.add_column("account", sa.Column("c", sa.String(9), nullable=False, default={value}))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert f"server_default={written}" in str(finding.instead)


def test_finding_takes_the_place_of_add_required_column() -> None:
    body = 'op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, default="free"))'
    assert_clean("add-required-column", body, "sqlite:3.40")


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        ('op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, default="free"))'),
        "postgresql:15",
    )
    assert finding.message == (
        "The default of account.plan stays in Python: the database only reads NOT NULL and fails on the first "
        "row, and code that does not know plan yet fails on every INSERT."
    )
    assert finding.instead == (
        "Give the default to the database, or add the column nullable and fill it before NOT NULL:\n"
        "\n"
        "    op.add_column('account', sa.Column('plan', sa.String(length=20), "
        "server_default='free', nullable=False))"
    )
