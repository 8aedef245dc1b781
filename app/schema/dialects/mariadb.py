"""MariaDB, where the URL names it; what is known about it stands with MySQL."""

from __future__ import annotations

from .mysql import dialect

__all__ = ["dialect"]
