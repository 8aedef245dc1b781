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
        ('op.execute("ALTER TABLE legacy MODIFY age INT NOT NULL")', "mariadb:10.11"),
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


SET = 'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)'
FILL = 'op.execute("UPDATE account SET age = 0 WHERE age IS NULL AND id BETWEEN 1 AND 1000")'


def test_column_that_nothing_filled_is_flagged() -> None:
    finding = assert_flags(RULE, SET, "mysql:8.4")
    assert finding.message == (
        "Nothing in the history fills account.age: in strict mode the revision fails at the first NULL, otherwise "
        "every NULL becomes 0, an empty string or a zero date silently."
    )


def test_column_that_takes_null_again_after_it_was_filled_is_flagged() -> None:
    again = 'op.alter_column("account", "age", existing_type=sa.Integer(), nullable=True)'
    assert_flags(RULE, [FILL, again, SET], "mysql:8.4")


def test_column_that_an_earlier_revision_filled_is_clean() -> None:
    assert_clean(RULE, [FILL, SET], "mariadb:10.11")
