"""Files that are written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file; one that is there is replaced by one of the same mode.

    Whoever reads meanwhile sees the old file or the new one, whole.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        if path.exists():
            draft.chmod(path.stat().st_mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
