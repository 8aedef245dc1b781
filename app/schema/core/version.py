"""Version of the schema engine, as the ledger keeps it."""

from __future__ import annotations

VERSION = "0.1"
