"""SQL and the operations that it has to become: a statement on one line, its operations indented below it."""

from __future__ import annotations

from pathlib import Path

from app.schema.core.server import Server

SERVERS = {
    "postgresql": Server.parse("postgresql:15"),
    "mysql": Server.parse("mysql:8.4"),
    "mariadb": Server.parse("mariadb:10.11"),
    "sqlite": Server.parse("sqlite:3.40"),
}


def cases(engine: str) -> list[tuple[str, list[str]]]:
    """Return the cases of one engine: the SQL and one line for each operation."""
    found: list[tuple[str, list[str]]] = []
    for line in (Path(__file__).parent / f"{engine}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return found
