"""`python -m app.schema …` in place of `flask …`: the same commands, and an explanation where Flask has none.

Flask loads the application before it knows any command of it. If that fails it shows a traceback, and if `Migrate` was
never attached it only says "No such command 'db'".
"""

from __future__ import annotations

from .cli._front import front

if __name__ == "__main__":
    front()
