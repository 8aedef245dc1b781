"""The value that a query without a database has: no number, no row, no text, and still something to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Nothing(int):
    """Zero where a number is wanted, an empty row where a row is; false, and equal to None's stand-in.

    A revision that computes with what it read (`while remaining() > 0`, `row.id`, `total / 1000`) then goes on to what
    it does next, which would otherwise stay unseen.
    """

    def __new__(cls) -> Nothing:
        """Make another nothing."""
        return super().__new__(cls, 0)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Nothing()

    def __getitem__(self, _key: object) -> Nothing:
        return Nothing()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __call__(self, *_args: Any, **_kw: Any) -> Nothing:
        """Be called with anything: `row.keys()`."""
        return Nothing()

    def __contains__(self, _item: object) -> bool:
        return False
