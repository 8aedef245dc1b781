"""Where a command stood when it failed: what an explanation may name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ...core.entry import Standing, standing
from ...core.errors import SchemaError
from ...ledger.store import LedgerStore
from ...runner.version import revisions_of_database
from ..target import WATCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL, Engine

    from ..target import Target


T = TypeVar("T")


def _nothing_known() -> tuple[str, ...] | None:
    return None


def _no_ledger() -> Standing | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known about the command that failed. Every field may be missing.

    :param command: name of the command, such as "upgrade".
    :param group: how its group is called, such as "flask db".
    :param directory: the migrations folder.
    :param versions: the version locations.
    :param recursive: whether their sub-folders belong to them.
    :param url: where the database is. The password in it is never shown.
    :param url_setting: which setting says so.
    :param started: whether revisions began to run on the database; with `--sql` they do not.
    :param transactional: whether what a failed revision did to the schema is rolled back with it; `None` for
        cannot tell.
    :param applied: reads the revisions of the database on a connection of its own; `None` where that fails.
    :param standing: reads there what the ledger says; `None` where there is none, or that fails.
    """

    command: str = ""
    group: str = "flask db"
    directory: Path | None = None
    versions: tuple[Path, ...] = ()
    recursive: bool = False
    url: URL | None = None
    url_setting: str = "SQLALCHEMY_DATABASE_URI"
    started: bool = True
    transactional: bool | None = None
    applied: Callable[[], tuple[str, ...] | None] = _nothing_known
    standing: Callable[[], Standing | None] = _no_ledger

    @classmethod
    def of(cls, target: Target) -> Situation:
        """Where a command on this target stands. Nothing is raised, whatever is wrong with the target."""
        versions, recursive = _locations(target)
        watch = target.config.attributes.get(WATCH)
        return cls(
            command=target.command,
            group=target.group,
            directory=Path(target.directory),
            versions=versions,
            recursive=recursive,
            url=_url(target),
            url_setting=target.url_setting(_bind(target)),
            started=watch is None or bool(watch.runs),
            transactional=watch.runs[-1].transactional if watch is not None and watch.runs else None,
            applied=lambda: _read(target, revisions_of_database),
            standing=lambda: _read(target, _standing),
        )

    def to_type(self, rest: str) -> str:
        """A command of the group as it is typed, in backquotes."""
        return f"`{self.group} {rest}".rstrip() + "`"

    @property
    def again(self) -> str:
        """The words that end a hint: what was typed, once more."""
        return f"type {self.to_type(self.command)} again" if self.command else "try again"


def _locations(target: Target) -> tuple[tuple[Path, ...], bool]:
    """The version locations as Alembic reads them from the configuration; none where it cannot."""
    try:
        folder = ScriptDirectory.from_config(target.config)
        return tuple(folder._version_locations), folder.recursive_version_locations
    except Exception:  # noqa: BLE001  # the failure being explained may be this one
        return (Path(target.directory, "versions"),), False


def _bind(target: Target) -> str:
    watch = target.config.attributes.get(WATCH)
    return watch.bind if watch is not None else ""


def _url(target: Target) -> URL | None:
    """The URL of the database that the command was at."""
    given: Connection | Engine | None = target.config.attributes.get("connection")
    if given is not None:
        return _named(given.engine)
    try:
        engine = target.database(_bind(target)).engine
    except (SchemaError, RuntimeError, LookupError):  # `db` is missing, or belongs to another application
        return None
    return _named(engine)


def _named(engine: Engine) -> URL:
    """The URL, which says MariaDB where the server turned out to be one."""
    url = engine.url
    if getattr(engine.dialect, "is_mariadb", False):
        return url.set(drivername=url.drivername.replace("mysql", "mariadb"))
    return url


def _read(target: Target, read: Callable[..., T]) -> T | None:
    """What a function reads on a connection, given name and schema of the version table."""
    try:
        given = target.config.attributes.get("connection")
        if isinstance(given, Connection):
            return read(given, *target.version_table)
        with target.database(_bind(target)).engine.connect() as connection:
            return read(connection, *target.version_table)
    except Exception:  # noqa: BLE001  # what is being explained must not be hidden by this
        return None


def _standing(connection: Connection, version_table: str, schema: str | None) -> Standing | None:
    store = LedgerStore(connection, version_table, schema)
    return standing(store.read()) if store.exists() else None
