from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-detach-partition"
DETACH = 'op.execute("ALTER TABLE visit DETACH PARTITION visit_2025")'


@pytest.mark.parametrize(
    "body", [DETACH, 'op.get_bind().execute(sa.text("ALTER TABLE shop.log DETACH PARTITION shop.log_1"))']
)
def test_detaching_in_the_lock_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        (
            "with op.get_context().autocommit_block():\n"
            '    op.execute("ALTER TABLE visit DETACH PARTITION visit_2025 CONCURRENTLY")'
        ),
        'op.execute("ALTER TABLE visit DETACH PARTITION visit_2025 FINALIZE")',
        (
            'op.execute("CREATE TABLE log (id integer) PARTITION BY LIST (id)")\n'
            'op.execute("CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1)")\n'
            'op.execute("ALTER TABLE log DETACH PARTITION log_1")'
        ),
    ],
)
def test_detaching_that_blocks_nobody_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, DETACH, "postgresql:15")
    assert finding.message == (
        "Detaching visit_2025 waits for every query that runs on visit, and every new query of visit waits behind it."
    )
    assert finding.instead == (
        "Detach it concurrently, outside the transaction; reads and writes then go on, and visit_2025 keeps its "
        "bounds as a CHECK:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.execute('ALTER TABLE visit DETACH PARTITION visit_2025 CONCURRENTLY')"
    )


@pytest.mark.parametrize(
    ("server", "more"),
    [
        ("postgresql:13", ""),
        ("postgresql:15", 'op.execute("CREATE TABLE visit_rest PARTITION OF visit DEFAULT")'),
    ],
)
def test_where_concurrently_is_refused_a_timeout_is_offered(server: str, more: str) -> None:
    finding = assert_flags(RULE, DETACH, server, before=HISTORY + more)
    assert finding.fix is None
    assert "SET LOCAL lock_timeout" in (finding.instead or "")
