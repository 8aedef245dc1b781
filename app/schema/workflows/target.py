"""What a command works on: one migrations folder, the databases behind it, and how to talk to the caller.

A target is made at the edge (a `flask db` command, the Python API, an `env.py` that was started by someone else)
and handed down. Nothing below the edge asks for "the current application".
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData

from ..core.errors import UsageProblem
from ..core.settings import Settings
from ..core.wording import listed, shown
from ..runner.version import VERSION_TABLE
from .direct import SETTING, Direct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alembic.config import Config
    from sqlalchemy import Engine

_log = logging.getLogger("schema")

TARGET = "schema.target"
"""Key of `config.attributes` under which the target travels to `env.py`."""

WATCH = "schema.watch"
"""Key of `config.attributes` under which a workflow's watch travels to `env.py`."""

FILES = "schema.files"
"""Key of `config.attributes` under which the revision files stand that a command has judged already."""


@dataclass(frozen=True)
class Bind:
    """One database of a `SQLAlchemy` object.

    :param name: the bind key, "" for the default database.
    :param db: the object that was given to `Migrate`: Flask-SQLAlchemy 2 or 3, or one that looks like it.
    :param direct: where to connect to instead of the application's URL.
    """

    name: str
    db: Any
    direct: Direct = field(default_factory=Direct)

    @property
    def engine(self) -> Engine:
        """The engine.

        :raises UsageProblem: if `SQLALCHEMY_BINDS` has no such key.
        """
        direct = self.direct.engine(self.name)
        if direct is not None:
            return direct
        key = self.name or None
        if not hasattr(self.db, "engines"):
            engine: Engine = self.db.get_engine(bind=key) if key else self.db.get_engine()
            return engine
        engines: Mapping[str | None, Engine] = self.db.engines
        if key not in engines:
            raise UsageProblem(
                f"There is no database for the bind '{self.name}'.",
                hint="Add it to SQLALCHEMY_BINDS.",
            )
        return engines[key]

    @property
    def metadata(self) -> MetaData:
        """The tables of this bind; none, if no model belongs to it."""
        key = self.name or None
        if hasattr(self.db, "metadatas"):
            found: MetaData = self.db.metadatas.get(key) or MetaData()
            return found
        everything: MetaData = self.db.metadata
        own = MetaData(naming_convention=everything.naming_convention)
        for table in everything.tables.values():
            if table.info.get("bind_key") == key:
                table.to_metadata(own)
        return own


def _note(line: str) -> None:
    """Tell an application's log what a person at a terminal would read."""
    _log.warning(line)


@dataclass(frozen=True)
class Target:
    """One migrations folder with its databases.

    :param config: Alembic's configuration; its `stdout` is where output goes.
    :param wanted: the migrations folder as it was configured or typed; `init` makes it there.
    :param directory: the migrations folder that was found, as Alembic is told.
    :param tried: the folders that were looked for, in order.
    :param db: the object that was given to `Migrate`.
    :param configure_args: the arguments of `context.configure` that the user gave to `Migrate`.
    :param owner: what the target was made from; only compared, never looked into.
    :param bind_names: the keys of `SQLALCHEMY_BINDS`.
    :param settings: the `SCHEMA_…` settings of the application.
    :param direct: where schema commands connect to instead of the application's URLs.
    :param tell: is given a line that a person should read now, not when all is over.
    :param progress: is given, about once a second, how far a long statement is, and "" when it has ended; `None` tells
        it in lines, less often.
    :param console: whether a person watches: the logging of `alembic.ini` is switched on while the command runs.
    :param group: how the command group is called, for messages that say what to type.
    :param command: name of the command in that group; "" if a function was called.
    """

    config: Config
    wanted: str
    directory: str
    tried: tuple[Path, ...]
    db: Any
    configure_args: Mapping[str, Any]
    owner: object = None
    bind_names: tuple[str, ...] = ()
    console: bool = False
    settings: Settings = field(default_factory=Settings)
    direct: Direct = field(default_factory=Direct)
    tell: Callable[[str], None] = _note
    progress: Callable[[str], None] | None = None
    group: str = "flask db"
    command: str = ""

    @property
    def version_table(self) -> tuple[str, str | None]:
        """Name and schema of the version table, as `Migrate` was told."""
        arguments = self.configure_args
        return str(arguments.get("version_table", VERSION_TABLE)), arguments.get("version_table_schema")

    @property
    def bind(self) -> Bind:
        """The default database.

        :raises UsageProblem: if `Migrate` was given no database object.
        """
        return self.database("")

    @property
    def binds(self) -> tuple[Bind, ...]:
        """The default database and the binds, in the order of `SQLALCHEMY_BINDS`.

        :raises UsageProblem: if `Migrate` was given no database object.
        """
        return tuple(self.database(name) for name in ("", *self.bind_names))

    def database(self, name: str) -> Bind:
        """One of the databases.

        :param name: its bind key, "" for the default one.
        :raises UsageProblem: if `Migrate` was given no database object.
        """
        if self.db is None:
            raise UsageProblem(
                "`Migrate` knows no database: it was initialised without the `SQLAlchemy` object.",
                hint="Write `migrate.init_app(app, db)`.",
            )
        return Bind(name, self.db, self.direct)

    def url_setting(self, name: str) -> str:
        """Which setting says where a database is."""
        return SETTING if name in self.direct.urls else "SQLALCHEMY_DATABASE_URI"

    def require_directory(self) -> None:
        """Refuse to work without a migrations folder.

        :raises UsageProblem: names the folders that were tried.
        """
        if Path(self.directory).is_dir():
            return
        tried = listed((shown(path) for path in self.tried), "or") if self.tried else f"'{self.directory}'"
        raise UsageProblem(
            f"There is no migrations folder: {tried} does not exist.",
            hint="Type `flask db init` to make one, or say where it is with `--directory`.",
        )
