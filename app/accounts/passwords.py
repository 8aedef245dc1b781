"""Passwords are kept as argon2id hashes. The cost is set by `ARGON2_TIME_COST`, `ARGON2_MEMORY_KIB` and
`ARGON2_PARALLELISM`; a hash made at another cost is replaced when its owner logs in.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

MIN_LENGTH = 10
MAX_LENGTH = 128


class Passwords:
    """Hashes and checks passwords at one cost."""

    def __init__(self, *, time_cost: int, memory_kib: int, parallelism: int) -> None:
        """:param memory_kib: memory that one hash takes, in units of 1024 bytes."""
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        # A hash of no password at today's cost: checking against it takes as long as checking a real one.
        parameters = f"m={memory_kib},t={time_cost},p={parallelism}"
        self._nobody = f"$argon2id$v=19${parameters}${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        """Return the hash to store, with a salt of its own."""
        return self._hasher.hash(_canonical(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Tell whether `password` is the one that `stored` was made from.

        :param stored: the stored hash, or `None` where there is no such account: the answer is then False, after
            the same time.
        """
        try:
            return self._hasher.verify(stored or self._nobody, _canonical(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Tell whether `stored` was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)


def init_app(app: Flask) -> None:
    """Set the cost that `app` is configured for."""
    app.extensions["passwords"] = Passwords(
        time_cost=app.config["ARGON2_TIME_COST"],
        memory_kib=app.config["ARGON2_MEMORY_KIB"],
        parallelism=app.config["ARGON2_PARALLELISM"],
    )


def current() -> Passwords:
    """Return the `Passwords` of the current application."""
    passwords: Passwords = current_app.extensions["passwords"]
    return passwords


def _canonical(password: str) -> str:
    """Return one spelling for what looks the same: keyboards differ in how they compose an accented letter."""
    return unicodedata.normalize("NFKC", password)
