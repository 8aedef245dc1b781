from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-partition-existing-table"
PARTED = 'sa.Column("id", sa.Integer()), postgresql_partition_by="RANGE (id)")\n'


@pytest.mark.parametrize(
    "body",
    [
        f'op.rename_table("shelf", "shelf_old")\nop.create_table("shelf", {PARTED}',
        f'op.drop_table("shelf")\nop.create_table("shelf", {PARTED}',
        f'op.create_table("shelf_new", {PARTED}op.drop_table("shelf")\nop.rename_table("shelf_new", "shelf")',
        f'op.create_table("shelf_new", {PARTED}op.execute("INSERT INTO shelf_new SELECT id FROM shelf")',
        (
            'op.execute("ALTER TABLE shelf RENAME TO shelf_old")\n'
            'op.execute("CREATE TABLE shelf (id integer) PARTITION BY RANGE (id)")'
        ),
    ],
)
def test_partitioned_table_in_the_place_of_another_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        f'op.create_table("shelf_new", {PARTED}',
        'op.rename_table("shelf", "shelf_old")\nop.create_table("shelf", sa.Column("id", sa.Integer()))',
        f'op.create_table("log", {PARTED}op.execute("INSERT INTO log (id) VALUES (1)")',
        f'op.create_table("log", {PARTED}op.rename_table("shelf", "rack")',
    ],
)
def test_partitioned_table_beside_the_others_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = f'op.rename_table("shelf", "shelf_old")\nop.create_table("shelf", {PARTED}'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Partitioning shelf means that every row is copied: what the application writes meanwhile is lost, or it waits "
        "until the copy is done. Foreign keys, indexes and grants of shelf do not follow."
    )
    assert finding.instead == (
        "Create the partitioned table under another name, keep it up to date with a trigger, fill it in batches in the "
        "next revision, and swap the names when both are equal."
    )
