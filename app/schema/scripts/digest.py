"""Digests of a revision: of its source, and of what it does."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOM = b"\xef\xbb\xbf"


def normalised(source: bytes) -> bytes:
    """Return a source without what git and editors change by themselves: line endings, BOM, trailing blanks.

    :param source: the bytes of a file, in any encoding that ASCII is a part of.
    """
    plain = source.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return b"\n".join(line.rstrip(b" \t") for line in plain.split(b"\n")).rstrip(b"\n")


def source_digest(source: bytes) -> str:
    """Return the SHA-256 of a normalised source, in hexadecimal digits."""
    return hashlib.sha256(normalised(source)).hexdigest()


def meaning_digest(lines: Iterable[str]) -> str:
    """Return the SHA-256 of what `meaning` says of a recording, in hexadecimal digits."""
    return hashlib.sha256("\0".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
