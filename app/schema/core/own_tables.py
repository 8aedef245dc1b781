"""The tables that the schema engine keeps in a database for itself. No model has them, and no revision drops them."""

from __future__ import annotations

LEASES = "schema_runner"
"""Who migrates at the moment, where the server's own locks do not suffice."""

OWN_TABLES = frozenset({LEASES})
