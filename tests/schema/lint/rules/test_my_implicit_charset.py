from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-implicit-charset"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", '
                "sa.String(50)))"
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("CREATE TABLE note (id INT PRIMARY KEY, t TEXT)")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_the_one_table_without_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", '
                "sa.String(50)))"
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", '
                'sa.String(50)), mysql_charset="utf8mb4")'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("CREATE TABLE note (id INT PRIMARY KEY, t TEXT) DEFAULT CHARSET=utf8mb4")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", '
                "sa.String(50)))"
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
                'op.execute("CREATE TABLE note LIKE account")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_table_like_its_neighbours_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
            'op.execute("ALTER TABLE book DEFAULT CHARSET=utf8mb4")\n'
            'op.execute("ALTER TABLE shelf DEFAULT CHARSET=utf8mb4")\n'
            'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", '
            "sa.String(50)))"
        ),
        "mysql:8.4",
    )
    assert finding.message == (
        "note takes the character set of the database, while all other tables state theirs (utf8mb4): where "
        "the two differ, joins on text fail or use no index, and foreign keys on text are refused."
    )
    assert finding.instead == (
        "State it:\n"
        "\n"
        "    op.create_table('note',\n"
        "    sa.Column('id', sa.Integer(), nullable=False),\n"
        "    sa.Column('text', sa.String(length=50), nullable=True),\n"
        "    sa.PrimaryKeyConstraint('id'),\n"
        "    mysql_charset='utf8mb4'\n"
        "    )"
    )
