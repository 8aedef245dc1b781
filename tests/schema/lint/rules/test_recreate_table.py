from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "recreate-table"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            ('op.drop_table("shelf")\nop.create_table("shelf", sa.Column("id", sa.BigInteger()))'),
            "postgresql:15",
        ),
        (
            (
                'op.execute("DROP TABLE IF EXISTS shelf")\n'
                'op.create_table("shelf", sa.Column("id", sa.BigInteger()))'
            ),
            "mysql:8.4",
        ),
        (('op.execute("DROP TABLE shelf")\nop.execute("CREATE TABLE shelf (id integer)")'), "sqlite:3.40"),
        ('op.execute("CREATE OR REPLACE TABLE shelf (id integer)")', "mariadb:10.11"),
    ],
)
def test_table_that_is_made_anew_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_table("shelf")', "postgresql:15"),
        ('op.create_table("shelf_two", sa.Column("id", sa.Integer()))', "postgresql:15"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.drop_table("tag")\n'
                'op.create_table("tag", sa.Column("id", sa.Integer()))'
            ),
            "postgresql:15",
        ),
        (('op.drop_table("shelf")\nop.create_table("rack", sa.Column("x", sa.Integer()))'), "mariadb:10.11"),
        (
            ('op.rename_table("shelf", "rack")\nop.create_table("shelf", sa.Column("x", sa.Integer()))'),
            "postgresql:15",
        ),
    ],
)
def test_table_that_keeps_its_rows_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_finding_takes_the_place_of_drop_table() -> None:
    found = judge(
        'op.drop_table("shelf")\nop.create_table("shelf", sa.Column("id", sa.BigInteger(), primary_key=True))',
        "postgresql:15",
    )
    assert {finding.rule for finding in found} == {RULE}


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        ('op.drop_table("shelf")\nop.create_table("shelf", sa.Column("id", sa.BigInteger()))'),
        "postgresql:15",
    )
    assert finding.message == (
        "All rows of shelf are lost: the table is dropped and created again, empty, under the same name."
    )
    assert finding.instead == (
        "Change shelf with op.add_column and op.alter_column, or create the new table under another name and "
        "copy the rows."
    )
