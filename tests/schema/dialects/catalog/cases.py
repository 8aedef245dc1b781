"""Reads `cases/<engine>.txt`: a schema, changes to it with the line that a comparison must say about each, and
statements after which the schema is the same though it was written otherwise.

A heading begins in the first column, `table | line` for a change; the indented lines below it are its statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
ENGINES = ("sqlite", "postgresql", "mariadb")


@dataclass(frozen=True)
class Change:
    """What is done to the schema, and how the comparison with the schema as it was says so."""

    engine: str
    table: str | None
    line: str
    sql: tuple[str, ...]


def sections(engine: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    heading = ""
    for line in (FOLDER / f"{engine}.txt").read_text().splitlines():
        if line.startswith("    "):
            found[heading].append(line.strip())
        elif line:
            heading = line
            assert heading not in found, f"twice: {heading}"
            found[heading] = []
    return found


def schema(engine: str) -> list[str]:
    return sections(engine)["The schema"]


def same(engine: str) -> list[str]:
    return sections(engine)["The same in other words"]


def changes() -> list[Change]:
    return [
        Change(engine, None if table == "(no table)" else table, line, tuple(sql))
        for engine in ENGINES
        for heading, sql in sections(engine).items()
        for table, bar, line in [heading.partition(" | ")]
        if bar
    ]
