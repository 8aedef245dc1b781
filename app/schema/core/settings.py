"""The `SCHEMA_…` settings, typed, each with one default.

`tests/test_docs.py` holds the documentation to the fields below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from .duration import seconds_of
from .errors import UsageProblem
from .server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "SCHEMA_"

# A letter too many, too few, or two exchanged; an application may have `SCHEMA_…` settings of its own.
_ALMOST = 0.88


@dataclass(frozen=True)
class Settings:
    """What an application says about its schema.

    :param protected: `SCHEMA_PROTECTED`. Error findings stop `flask db upgrade`, and rows that would be deleted
        `flask db downgrade`. True in Production.
    :param targets: `SCHEMA_TARGETS`. Servers that revisions are judged for, such as `["postgresql:15"]`; the
        connected one if empty.
    :param baseline: `SCHEMA_BASELINE`. Revisions up to these (one id or several) are not judged.
    :param runner_wait: `SCHEMA_RUNNER_WAIT`, such as "30s" or "5min". For how many seconds a command that changes the
        database waits while another one does.
    :param lock_timeout: `SCHEMA_LOCK_TIMEOUT`, such as "100ms". For how many seconds one attempt of a statement waits
        for a lock that would keep others waiting behind it.
    :param lock_budget: `SCHEMA_LOCK_BUDGET`, such as "5min". For how many seconds such attempts are repeated.
    :param statement_timeout: `SCHEMA_STATEMENT_TIMEOUT`, such as "5s". How many seconds a statement may run while it
        has such a lock; none is no limit.
    :param direct_url: `SCHEMA_DIRECT_URL`. Where schema commands connect to instead of the application's URL, for an
        application behind a pooler: one URL, or one for each bind key ("" for the default database).
    :param backups: `SCHEMA_BACKUPS`. How many copies of a SQLite file, made before revisions ran, are kept; none
        are made for 0.
    :param code_version: `SCHEMA_CODE_VERSION`. The application's version, for the ledger; otherwise its git commit.
    """

    protected: bool = False
    targets: tuple[Server, ...] = ()
    baseline: tuple[str, ...] = ()
    runner_wait: float = 300.0
    lock_timeout: float = 0.1
    lock_budget: float = 300.0
    statement_timeout: float | None = None
    direct_url: Mapping[str, str] = field(default_factory=dict)
    backups: int = 3
    code_version: str | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Read the settings from `app.config`.

        :raise UsageProblem: a value is of the wrong kind, or a name is misspelt; the setting is named.
        """
        _require_spelling(config)
        given: dict[str, Any] = {
            name: config[PREFIX + name.upper()] for name in names() if PREFIX + name.upper() in config
        }
        for name, value in given.items():
            given[name] = _READERS[name](PREFIX + name.upper(), value)
        return cls(**given)


def names() -> tuple[str, ...]:
    """Return the names of the settings, without the prefix."""
    return tuple(it.name for it in fields(Settings))


def _require_spelling(config: Mapping[str, Any]) -> None:
    """Refuse a name that is nearly one of ours: a misspelt `SCHEMA_PROTECTED` would protect nothing."""
    known = {PREFIX + name.upper() for name in names()}
    for key in config:
        if not key.startswith(PREFIX) or key in known:
            continue
        if meant := get_close_matches(key, known, n=1, cutoff=_ALMOST):
            raise UsageProblem(
                f"There is no setting {key}.", hint=f"Did you mean {meant[0]}? Then write it so."
            )


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageProblem(f"{key} is {value!r}.", expected="It must be True or False.")
    return value


def _number(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UsageProblem(f"{key} is {value!r}.", expected="It must be 0 or a greater whole number.")
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


def _seconds(key: str, value: Any) -> float:
    seconds = seconds_of(value) if isinstance(value, str) else None
    if seconds is None:
        raise UsageProblem(
            f"{key} is {value!r}.",
            expected='It must be a length of time with its unit, such as "100ms", "30s" or "5min".',
        )
    return seconds


def _limit(key: str, value: Any) -> float | None:
    return None if value is None else _seconds(key, value)


def _word(key: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise UsageProblem(f"{key} is {value!r}.", expected="It must be a text.")
    return value or None


def _urls(key: str, value: Any) -> dict[str, str]:
    """Read one URL or one for each bind key; nothing is none. A wrong value is not shown: it may hold a password."""
    urls = value if isinstance(value, Mapping) else {"": value}
    given = {name or "": url for name, url in urls.items() if url}
    if not all(isinstance(word, str) for pair in given.items() for word in pair):
        raise UsageProblem(
            f"{key} is of the type {type(value).__name__}.",
            expected="It must be the URL of a database as text, or a dictionary from bind keys to URLs.",
        )
    return given


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "protected": _flag,
    "targets": _servers,
    "baseline": _words,
    "runner_wait": _seconds,
    "lock_timeout": _seconds,
    "lock_budget": _seconds,
    "statement_timeout": _limit,
    "direct_url": _urls,
    "backups": _number,
    "code_version": _word,
}
