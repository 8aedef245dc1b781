from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-index-partitioned-parent"
PARTITIONED = f"""{HISTORY}
op.execute("CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
"""


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix_event_day", "event", ["day"])',
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_event_day", "event", ["day"], postgresql_concurrently=True)
        """,
        'op.execute("CREATE INDEX ix_event_day ON event (day)")',
        """
        op.execute("CREATE TABLE log (d date) PARTITION BY RANGE (d)")
        with op.get_context().autocommit_block():
            op.create_index("ix_log", "log", ["d"], postgresql_concurrently=True)
        """,
    ],
)
def test_index_of_all_partitions_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", before=PARTITIONED)


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE INDEX ix_event_day ON ONLY event (day)")',
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_day", "event_2026", ["day"], postgresql_concurrently=True)
        """,
        'op.create_index("ix_account_name", "account", ["name"])',
        """
        op.execute("CREATE TABLE log (d date) PARTITION BY RANGE (d)")
        op.create_index("ix_log", "log", ["d"])
        """,
    ],
)
def test_index_of_one_table_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", before=PARTITIONED)


def test_message_in_full() -> None:
    body = 'op.create_index("ix_event_day", "event", ["day"])'
    finding = assert_flags(RULE, body, "postgresql:15", before=PARTITIONED)
    assert finding.message == (
        "Building ix_event_day blocks every INSERT, UPDATE and DELETE on event and on all its partitions "
        "until the last of them has been read."
    )
    assert finding.instead == (
        "Make the index of event alone, build one for each partition concurrently, and attach them:\n"
        "\n"
        '    op.execute("CREATE INDEX ix_event_day ON ONLY event (day)")\n'
        "    # revision 2, after r1: every partition\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix_event_day_event_2026', 'event_2026', ['day'], unique=False, "
        "postgresql_concurrently=True)\n"
        '    op.execute("ALTER INDEX ix_event_day ATTACH PARTITION ix_event_day_event_2026")'
    )
