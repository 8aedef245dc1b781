from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-set-not-null-nonstrict"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                "# strict_mode = False\n"
                'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
            ),
            "mariadb:10.11",
        ),
        (('# strict_mode = False\nop.execute("ALTER TABLE account MODIFY age INT NOT NULL")'), "mysql:8.4"),
        (
            (
                "op.execute(\"SET SESSION sql_mode = ''\")\n"
                'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "op.execute(\"SET sql_mode = 'NO_ENGINE_SUBSTITUTION'\")\n"
                'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
            ),
            "mysql:8.4",
        ),
        (
            (
                "# strict_mode = False\n"
                'op.alter_column("legacy", "n", existing_type=sa.Integer(), nullable=False)'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_not_null_without_strict_mode_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)', "mariadb:10.11"),
        (
            (
                "# strict_mode = False\n"
                "op.execute(\"SET SESSION sql_mode = 'STRICT_ALL_TABLES'\")\n"
                'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "op.execute(\"SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_ZERO_DATE')\")\n"
                'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "# strict_mode = False\n"
                'op.alter_column("account", "email", existing_type=sa.String(255), nullable=False)'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "# strict_mode = False\n"
                'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=True)'
            ),
            "mysql:8.4",
        ),
        (
            (
                "# strict_mode = False\n"
                'op.add_column("account", sa.Column("n", sa.Integer()))\n'
                'op.alter_column("account", "n", existing_type=sa.Integer(), nullable=False)'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_not_null_in_strict_mode_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            "# strict_mode = False\n"
            'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "Every NULL in account.age becomes 0, an empty string or a zero date silently, because sql_mode is "
        "not strict."
    )
    assert finding.instead == (
        "Make the session strict, so that the revision fails at the first NULL instead:\n"
        "\n"
        "    op.execute(\"SET SESSION sql_mode = 'STRICT_ALL_TABLES'\")"
    )
