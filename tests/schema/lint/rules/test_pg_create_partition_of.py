from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-create-partition-of"
CREATE = "op.execute(\"CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')\")"


@pytest.mark.parametrize(
    "body",
    [
        CREATE,
        'op.execute("CREATE TABLE visit_rest PARTITION OF visit DEFAULT")',
        'op.execute("CREATE TABLE IF NOT EXISTS log_1 PARTITION OF log FOR VALUES IN (1)")',
    ],
)
def test_partition_of_a_table_in_use_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        (
            'op.execute("CREATE TABLE log (id integer) PARTITION BY LIST (id)")\n'
            'op.execute("CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1)")'
        ),
        (
            'op.execute("CREATE TABLE visit_2026 (LIKE visit)")\n'
            "op.execute(\"ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES FROM ('2026-01-01') TO "
            "('2027-01-01')\")"
        ),
        'op.create_table("log", sa.Column("id", sa.Integer()), postgresql_partition_by="LIST (id)")',
    ],
)
def test_other_way_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_default_partition_is_named() -> None:
    before = HISTORY + 'op.execute("CREATE TABLE visit_rest PARTITION OF visit DEFAULT")'
    finding = assert_flags(RULE, CREATE, "postgresql:15", before=before)
    assert "reads every row of visit_rest" in finding.message


def test_message_in_full() -> None:
    finding = assert_flags(RULE, CREATE, "postgresql:15")
    assert finding.message == (
        "Creating visit_2026 in this way locks visit: it waits for every query that runs on visit, and every new query "
        "waits behind it."
    )
    assert finding.instead == (
        "Create a plain table and attach it; reads and writes of visit go on then:\n"
        "\n"
        '    op.execute("CREATE TABLE visit_2026 (LIKE visit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")\n'
        "    op.execute(\"ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES FROM ('2026-01-01') TO "
        "('2027-01-01')\")"
    )
