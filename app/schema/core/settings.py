"""The `SCHEMA_…` settings, typed, each with one default.

`tests/test_docs.py` holds the documentation to the fields below.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from .errors import UsageProblem
from .server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "SCHEMA_"


@dataclass(frozen=True)
class Settings:
    """What an application says about its schema.

    :param protected: `SCHEMA_PROTECTED`. Error findings stop `flask db upgrade`. True in Production.
    :param targets: `SCHEMA_TARGETS`. Servers that revisions are judged for, such as `["postgresql:15"]`; the
        connected one if empty.
    :param baseline: `SCHEMA_BASELINE`. Revisions up to these (one id or several) are not judged.
    """

    protected: bool = False
    targets: tuple[Server, ...] = ()
    baseline: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Read the settings from `app.config`.

        :raise UsageProblem: a value is of the wrong kind; the setting is named.
        """
        given: dict[str, Any] = {
            name: config[PREFIX + name.upper()] for name in names() if PREFIX + name.upper() in config
        }
        for name, value in given.items():
            given[name] = _READERS[name](PREFIX + name.upper(), value)
        return cls(**given)


def names() -> tuple[str, ...]:
    """Return the names of the settings, without the prefix."""
    return tuple(field.name for field in fields(Settings))


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageProblem(f"{key} is {value!r}.", expected="It must be True or False.")
    return value


def _words(key: str, value: Any) -> tuple[str, ...]:
    """Read one word or a list of words; None is an empty list."""
    if value is None:
        return ()
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        raise UsageProblem(f"{key} is {value!r}.", expected="It must be a text or a list of texts.")
    return tuple(words)


def _servers(key: str, value: Any) -> tuple[Server, ...]:
    try:
        return tuple(Server.parse(word) for word in _words(key, value))
    except UsageProblem as error:
        raise UsageProblem(f"{key}: {error.found}", expected=error.expected) from error


_READERS: dict[str, Callable[[str, Any], Any]] = {"protected": _flag, "targets": _servers, "baseline": _words}
