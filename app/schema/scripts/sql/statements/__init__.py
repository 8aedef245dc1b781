"""One recogniser for each kind of statement.

A module offers `STATEMENTS`, and `MYSQL_STATEMENTS` and the like for what one dialect alone has: the words that a
statement starts with, without its modifiers (`OR REPLACE`, `TEMPORARY`, …) → a function that reads the rest.
"""
