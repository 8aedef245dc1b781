"""Acts on the database, guarded.

Imports `core`, `dialects`, `ledger`, `scripts` and Alembic's runtime. Prints nothing.
"""
