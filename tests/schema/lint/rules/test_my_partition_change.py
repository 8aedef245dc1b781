from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-partition-change"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE shelf PARTITION BY HASH(id) PARTITIONS 8")', "mysql:8.4"),
        ('op.execute("ALTER TABLE legacy REMOVE PARTITIONING")', "mariadb:10.11"),
        (
            (
                'op.execute("ALTER TABLE legacy REORGANIZE PARTITION p0, p1 INTO (PARTITION p VALUES LESS '
                'THAN (20))")'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE legacy ADD PARTITION PARTITIONS 4")', "mysql:8.4"),
        ('op.execute("ALTER TABLE legacy COALESCE PARTITION 2")', "mysql:8.4"),
    ],
)
def test_rows_that_move_are_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE legacy ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))")', "mysql:8.4"),
        ('op.execute("ALTER TABLE legacy ANALYZE PARTITION p2")', "mariadb:10.11"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.execute("ALTER TABLE tag PARTITION BY HASH(id) PARTITIONS 8")'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("CREATE TABLE z (id INT PRIMARY KEY) PARTITION BY HASH(id) PARTITIONS 4")', "mysql:8.4"),
    ],
)
def test_partition_that_moves_nothing_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.execute("ALTER TABLE shelf PARTITION BY HASH(id) PARTITIONS 8")', "mysql:8.4"
    )
    assert finding.message == (
        "To move the rows, MySQL copies the whole table shelf, and every INSERT, UPDATE and DELETE on it "
        "waits until that is done; it needs the table's size again on disk, and replicas fall behind."
    )
    assert finding.instead == (
        "Copy the rows in batches into a partitioned table beside it and swap the names, or use gh-ost or pt-"
        "online-schema-change."
    )


@pytest.mark.parametrize("action", ["DROP PARTITION p2024", "TRUNCATE PARTITION `p2024`"])
def test_partition_that_loses_its_rows_is_flagged(action: str) -> None:
    finding = assert_flags(RULE, f'op.execute("ALTER TABLE legacy {action}")', "mysql:8.4")
    assert finding.message == "All rows in partition p2024 of legacy are lost for good."
