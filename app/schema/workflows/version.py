"""What the code wants and what a database has, for whoever compares them often, such as a readiness check."""

from __future__ import annotations

from ..runner.version import revisions_of_database
from .known_heads import known_heads

__all__ = ["known_heads", "revisions_of_database"]
