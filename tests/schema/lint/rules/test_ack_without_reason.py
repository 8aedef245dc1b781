from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "ack-without-reason"
INDEX = '\nop.create_index("ix_account_name", "account", ["name"])'


@pytest.mark.parametrize("reason", ["", "   ", "(until 2027-01-31)"])
def test_entry_without_a_reason_is_flagged_and_allows_nothing(reason: str) -> None:
    body = f'allow = {{"pg-create-index-blocking account": "{reason}"}}{INDEX}'
    assert_flags(RULE, body, "postgresql:15")
    assert_flags("pg-create-index-blocking", body, "postgresql:15")


@pytest.mark.parametrize("reason", ["small", "small (until 2027-01-31)", "x (until 1999-01-01)"])
def test_entry_with_a_reason_is_clean(reason: str) -> None:
    assert_clean(RULE, f'allow = {{"pg-create-index-blocking account": "{reason}"}}{INDEX}', "postgresql:15")


def test_entry_without_a_reason_is_reported_once() -> None:
    found = judge('allow = {"no-such-rule": ""}', "sqlite:3.40")
    assert [finding.rule for finding in found] == [RULE]


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'allow = {"pg-create-index-blocking": ""}', "postgresql:15")
    assert finding.message == (
        'The entry "pg-create-index-blocking" of `allow` in r1 gives no reason, so it allows nothing.'
    )
    assert finding.instead == (
        "Say why the finding is accepted, and until when if that ends:\n\n"
        '    allow = {"pg-create-index-blocking": "nobody reads it since 2026-10 (until 2027-01-31)"}'
    )
