"""The tables that the schema engine keeps in a database for itself. No model has them, and no revision drops them."""

from __future__ import annotations

LEASES = "schema_runner"
"""Who migrates at the moment, where the server's own locks do not suffice."""

LEDGER = "schema_ledger"
"""What was applied, when, by whom, and what it looked like."""

JOURNAL = "schema_journal"
"""The statements of a revision that is under way and cannot be rolled back as a whole."""

OWN_TABLES = frozenset({LEASES, LEDGER, JOURNAL})
