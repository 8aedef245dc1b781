from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-modify-drops-attributes"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account MODIFY active BOOLEAN NOT NULL")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account CHANGE email email VARCHAR(255)")', "mysql:8.4"),
        ('op.get_bind().execute(sa.text("ALTER TABLE account MODIFY id BIGINT NOT NULL"))', "mariadb:10.11"),
        (
            (
                "op.execute(\"ALTER TABLE book MODIFY COLUMN title VARCHAR(200) NULL COMMENT 't'\")\n"
                'op.execute("ALTER TABLE book MODIFY COLUMN title VARCHAR(200)")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_attribute_that_is_not_repeated_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account MODIFY active BOOLEAN NOT NULL DEFAULT true")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account CHANGE email email VARCHAR(255) NOT NULL")', "mysql:8.4"),
        ('op.execute("ALTER TABLE account MODIFY id BIGINT AUTO_INCREMENT")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(60)")', "mysql:8.4"),
        ('op.execute("ALTER TABLE account ALTER COLUMN active DROP DEFAULT")', "mysql:8.4"),
        ('op.execute("ALTER TABLE account MODIFY email VARCHAR(255) NULL")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE legacy MODIFY a INT")', "mariadb:10.11"),
        ('op.alter_column("account", "email", existing_type=sa.String(255), comment="x")', "mariadb:10.11"),
    ],
)
def test_column_that_is_described_whole_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.execute("ALTER TABLE account MODIFY active BOOLEAN NOT NULL")', "mariadb:10.11"
    )
    assert finding.message == (
        "Column active of account silently loses its default: MODIFY and CHANGE describe the whole column "
        "anew, and what they do not repeat is gone."
    )
    assert finding.instead == (
        "Repeat what the column has:\n"
        "\n"
        "    op.alter_column('account', 'active',\n"
        "               server_default=sa.text('true'),\n"
        "               type_=sa.Boolean(),\n"
        "               nullable=False)"
    )
