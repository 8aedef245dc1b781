"""What was applied, when, by whom, and what is under way.

Tables with a `MetaData` of their own, in the database that is migrated. Imports `core` and SQLAlchemy Core.
"""
