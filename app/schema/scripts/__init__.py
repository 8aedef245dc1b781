"""Revision files → revisions → recorded operations.

* `directory`, `graph`, `header`: revision files, read without running them
* `recorder`, `recording`: what a revision does, recorded without a database
* `replay`: recorded operations → the schema that they build
* `sql`: raw SQL → operations
* `renderer`, `rewriter`: operations → source; one operation of a file replaced
* `writing`: a new revision file

Imports `core` and libraries only.
"""
