from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-lock-table"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("LOCK TABLE shelf")',
        'op.execute("LOCK shelf IN SHARE ROW EXCLUSIVE MODE")',
        'op.execute("LOCK TABLE account, book IN EXCLUSIVE MODE NOWAIT")',
    ],
)
def test_lock_that_keeps_the_application_out_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("LOCK TABLE shelf IN SHARE UPDATE EXCLUSIVE MODE")',
        'op.execute("LOCK TABLE shelf IN ACCESS SHARE MODE")',
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("LOCK TABLE t")',
        'op.execute("SELECT pg_advisory_xact_lock(1)")',
    ],
)
def test_lock_that_nobody_notices_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("LOCK TABLE shelf")', "postgresql:15")
    assert finding.message == (
        "LOCK TABLE in ACCESS EXCLUSIVE mode keeps every read and write of shelf waiting until the transaction ends, "
        "whatever else the revision does meanwhile."
    )
    assert finding.instead == (
        "Leave it out: each statement takes the lock that it needs, for as long as it needs it."
    )
