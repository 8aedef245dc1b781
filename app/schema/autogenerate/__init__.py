"""From models and database to a revision that can be read, and that still runs years later.

Imports `core`, `operations` and libraries only.
"""
