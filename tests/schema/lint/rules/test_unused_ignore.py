from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "unused-ignore"
INDEX = '\nop.create_index("ix_account_name", "account", ["name"])'


@pytest.mark.parametrize(
    ("allow", "body"),
    [
        ('{"pg-create-index-blocking": "small"}', "\npass"),
        ('{"pg-create-index-blocking book": "small"}', INDEX),
        ('{"no-such-rule account": "because"}', INDEX),
        ('{"pg-create-index-blocking account": "small (until 2026-01-31)"}', INDEX),
    ],
)
def test_entry_without_effect_is_flagged(allow: str, body: str) -> None:
    assert_flags(RULE, f"allow = {allow}{body}", "postgresql:15")


@pytest.mark.parametrize(
    ("allow", "server"),
    [
        ('{"pg-create-index-blocking": "small"}', "postgresql:15"),
        ('{"pg-create-index-blocking account": "small (until 2027-01-31)"}', "postgresql:15"),
        ('{"pg-create-index-blocking  account": "small"}', "postgresql:15"),
        ('{"pg-create-index-blocking account": "small"}', "sqlite:3.40"),
        ('{"downgrade-loses-data account": "small"}', "sqlite:3.40"),
    ],
)
def test_entry_that_is_needed_or_for_another_engine_is_clean(allow: str, server: str) -> None:
    assert_clean(RULE, f"allow = {allow}{INDEX}", server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'allow = {"no-such-rule": "because"}', "sqlite:3.40")
    assert finding.message == (
        'The entry "no-such-rule" of `allow` in r1 allows a finding that is not there: it would let the next one '
        "through unseen."
    )
    assert finding.instead == (
        'Remove "no-such-rule" from `allow`, or write down the reason and the date that hold today.'
    )
    assert finding.line == 7


def test_message_of_an_expired_entry() -> None:
    allow = 'allow = {"pg-create-index-blocking account": "small (until 2026-01-31)"}'
    finding = assert_flags(RULE, allow + INDEX, "postgresql:15")
    assert finding.message == (
        'The entry "pg-create-index-blocking account" of `allow` in r1 ended on 2026-01-31: what it allowed is '
        "reported again."
    )
