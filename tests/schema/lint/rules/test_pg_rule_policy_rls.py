from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-rule-policy-rls"
TIMEOUT = "op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
ENABLE = 'op.execute("ALTER TABLE shelf ENABLE ROW LEVEL SECURITY")'
POLICY = 'op.execute("CREATE POLICY all_rows ON shelf USING (true)")'


@pytest.mark.parametrize(
    "body",
    [
        ENABLE,
        POLICY,
        TIMEOUT + ENABLE,
        'op.execute("DROP POLICY all_rows ON shelf")',
        'op.execute("CREATE RULE keep AS ON DELETE TO shelf DO INSTEAD NOTHING")',
        'op.execute("ALTER TABLE shelf OWNER TO admin")',
        'op.execute("ALTER TABLE shelf FORCE ROW LEVEL SECURITY")',
    ],
)
def test_change_of_who_sees_what_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        f"{TIMEOUT}{POLICY}\n{ENABLE}",
        f"{TIMEOUT}{ENABLE}\n{POLICY}",
        'op.execute("CREATE TABLE t (id integer)")\nop.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY")',
        'op.execute("GRANT SELECT ON shelf TO reader")',
        f'{TIMEOUT}op.execute("ALTER TABLE shelf OWNER TO admin")',
    ],
)
def test_change_that_nobody_waits_for_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_policy_of_an_earlier_revision_counts() -> None:
    assert_clean(RULE, TIMEOUT + ENABLE, "postgresql:15", before=f"{HISTORY}{POLICY}")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, ENABLE, "postgresql:15")
    assert finding.message == (
        "Enable row level security waits for every query that runs on shelf, and every read and write of shelf waits "
        "behind it. shelf has no policy that the history shows: everybody but its owner then sees no rows, without an "
        "error."
    )
    assert finding.instead == (
        "Make the policy before, and give up after a short while:\n"
        "\n"
        "    op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
        '    op.execute("CREATE POLICY … ON shelf USING (…)")\n'
        f"    {ENABLE}"
    )
