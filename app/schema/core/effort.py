"""What a step cost in waiting for locks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Effort:
    """How often and how long one revision waited.

    :param attempts: how often it was begun; 1 if it never missed a lock.
    :param longest_wait: seconds of the longest wait for a lock that others may have queued behind.
    """

    attempts: int = 1
    longest_wait: float = 0.0

    def missed(self, waited: float) -> None:
        """Note an attempt that ended without the lock."""
        self.attempts += 1
        self.longest_wait = max(self.longest_wait, waited)
