"""What docs/interrupted.md shows is what the command says."""

from __future__ import annotations

from pathlib import Path

PAGE = (Path(__file__).parent.parent.parent.parent / "docs" / "interrupted.md").read_text()


def shown(stderr: str) -> str:
    """Return the error of a command, if the page shows it."""
    (error,) = [line for line in stderr.splitlines() if line.startswith("Error: ")]
    known = [line.strip() for line in PAGE.splitlines() if line.startswith("    Error: ")]
    found = [line for line in known if error.startswith(line)]
    assert found, error
    return found[0]
