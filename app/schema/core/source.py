"""Python source for messages: raw SQL as it is written in a revision."""

from __future__ import annotations

# What a statement that takes a strong lock for a moment is to be preceded by.
SHORT_WAIT = "SET LOCAL lock_timeout = '2s'"


def executed(*statements: str | None) -> str:
    """Return the lines that run statements; None is left out."""
    return "\n".join(_line(sql.strip()) for sql in statements if sql)


def _line(sql: str) -> str:
    if '"' not in sql and "\n" not in sql and "\\" not in sql:
        return f'op.execute("{sql}")'
    return (
        f'op.execute("""{sql}""")'
        if "\n" in sql and '"""' not in sql and "\\" not in sql
        else f"op.execute({sql!r})"
    )
