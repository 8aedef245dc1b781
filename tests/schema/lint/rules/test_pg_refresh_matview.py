from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-refresh-matview"
REFRESH = 'op.execute("REFRESH MATERIALIZED VIEW visit_count")'


@pytest.mark.parametrize(
    "body",
    [
        REFRESH,
        'op.execute("REFRESH MATERIALIZED VIEW report")',
        'op.execute("REFRESH MATERIALIZED VIEW visit_count WITH NO DATA")',
    ],
)
def test_refresh_that_readers_wait_for_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY visit_count")',
        (
            'op.execute("CREATE MATERIALIZED VIEW m AS SELECT 1 AS one WITH NO DATA")\n'
            'op.execute("REFRESH MATERIALIZED VIEW m")'
        ),
        'op.execute("CREATE VIEW v AS SELECT id FROM shelf")',
    ],
)
def test_refresh_that_nobody_waits_for_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, REFRESH, "postgresql:15")
    assert finding.message == (
        "Everybody who reads visit_count waits until its query has been run and its indexes have been built."
    )
    assert finding.instead == (
        "Refresh it concurrently; readers go on with the old rows:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.execute('REFRESH MATERIALIZED VIEW CONCURRENTLY visit_count')"
    )


def test_view_without_a_unique_index_has_no_fix() -> None:
    finding = assert_flags(RULE, 'op.execute("REFRESH MATERIALIZED VIEW report")', "postgresql:15")
    assert finding.fix is None
    assert (finding.instead or "").startswith("Give report a unique index over whole columns")
