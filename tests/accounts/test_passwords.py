from __future__ import annotations

import statistics
import time

import pytest
from argon2 import extract_parameters

from app.accounts.passwords import Passwords
from config import Production

cheap = Passwords(time_cost=1, memory_kib=8, parallelism=1)


def test_hash_matches_its_password_alone():
    stored = cheap.hash("a correct horse")
    assert cheap.matches(stored, "a correct horse")
    assert not cheap.matches(stored, "a correct horsf")


def test_hash_has_a_salt_of_its_own():
    assert cheap.hash("a correct horse") != cheap.hash("a correct horse")


def test_hash_takes_two_spellings_of_one_letter_for_the_same():
    assert cheap.matches(cheap.hash("caf\u00e9 au lait"), "cafe\u0301 au lait")


@pytest.mark.parametrize("stored", [None, "", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$AAAA$"])
def test_nothing_matches_where_there_is_no_usable_hash(stored):
    assert not cheap.matches(stored, "")


def test_hash_at_another_cost_is_outdated_and_still_matches():
    stored = cheap.hash("a correct horse")
    dearer = Passwords(time_cost=2, memory_kib=8, parallelism=1)
    assert not cheap.is_outdated(stored)
    assert dearer.is_outdated(stored)
    assert dearer.matches(stored, "a correct horse")


def test_unknown_account_costs_as_much_as_a_known_one():
    passwords = Passwords(time_cost=2, memory_kib=16384, parallelism=1)
    stored = passwords.hash("a correct horse")
    assert extract_parameters(passwords._nobody) == extract_parameters(stored)

    def seconds(which: str | None) -> float:
        started = time.perf_counter()
        passwords.matches(which, "wrong")
        return time.perf_counter() - started

    known = statistics.median(seconds(stored) for _ in range(9))
    unknown = statistics.median(seconds(None) for _ in range(9))
    assert unknown > known / 3


def test_production_hashes_at_the_recommended_cost():
    # RFC 9106, section 4, second recommended option.
    cost = (Production.ARGON2_TIME_COST, Production.ARGON2_MEMORY_KIB, Production.ARGON2_PARALLELISM)
    assert cost == (3, 64 * 1024, 4)
