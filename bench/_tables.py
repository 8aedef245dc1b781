"""The tables of the stall benchmark: filled once, copied for each run."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from bench import _changes_mariadb, _changes_postgresql
from bench._changes import Change, write_revisions
from bench._load import OWNERS, Load
from bench._project import Project
from tests.databases.mariadb import MARIADB
from tests.databases.postgresql import POSTGRESQL
from tests.databases.servers import Database, find
from tests.databases.servers import Engine as Server

TABLES = ("owners", "items", "marks", "alembic_version")
MARKS = 100
OWNER = "INSERT INTO owners (id, code) SELECT g, concat('o', g) FROM"
MARK = "INSERT INTO marks (id, item_id) SELECT g, g FROM"
ITEM = (
    f"INSERT INTO items (id, owner_id, code, amount, note, spare, status) SELECT g, g % {OWNERS} + 1, "
    "concat('code ', g), g % 100, concat('note ', g % 5000), 'spare', 'new' FROM"
)
KEY = "ALTER TABLE marks ADD CONSTRAINT fk_marks_item_id_items FOREIGN KEY (item_id) REFERENCES items (id)"
SEEN_EVERY = 0.02
"""Seconds between two looks at whether the command waits."""


class Tables(ABC):
    """The tables on one server, and new copies of them.

    :param project: makes the tables with its `flask db upgrade`.
    :param rows: of the large table.
    :param folder: for files that are thrown away.
    """

    name: str
    server: Server
    changes: tuple[Change, ...]
    numbers: str
    """FROM clause with the numbers g from 1 to :n."""
    waiting: str
    """Query that counts the sessions that wait for the whole table."""

    def __init__(self, project: Project, rows: int, folder: Path) -> None:
        self._project, self._rows, self._folder = project, rows, folder
        self._end = ExitStack()

    def __enter__(self) -> Tables:
        with self._end:
            self._at = find(self.server, os.environ, os.getpid())
            self._base = self._end.enter_context(self._database())
            with TemporaryDirectory(dir=self._folder) as folder:
                project = self._project.copied(Path(folder) / "project")
                write_revisions(project.versions, ())
                project.flask(self._base.url, "db", "upgrade")
            self._fill()
            self._end = self._end.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A new copy of the tables inside the block; the URL of its database."""
        with ExitStack() as end:
            yield self._copy(end)

    def load(self, url: str, rate: float) -> Load:
        """The clients that work on a copy.

        :param rate: operations in a second of each.
        """
        _, place = make_url(url).get_dialect()().create_connect_args(make_url(url))
        return Load(self.server.name, place, self._rows, rate)

    @abstractmethod
    def _copy(self, end: ExitStack) -> str:
        """Copy the tables into a new database, which is dropped when the stack closes."""

    @contextmanager
    def _database(self) -> Iterator[Database]:
        database = self.server.new_database(self._at)
        try:
            yield database
        finally:
            self.server.drop_database(self._at, database)

    def hold_open(self, url: str, seconds: float, wanted: Callable[[], bool]) -> None:
        """Read the table in a transaction, and end that some seconds after somebody began to wait for it.

        :param wanted: asked again and again; where it says no, the transaction ends at once.
        """
        engine = _engine(url)
        with engine.connect() as reader, engine.connect() as watcher:
            reader.execute(text("SELECT id FROM items LIMIT 1")).all()
            while wanted() and not self._somebody_waits(watcher):
                time.sleep(SEEN_EVERY)
            until = time.monotonic() + seconds
            while wanted() and time.monotonic() < until:
                time.sleep(SEEN_EVERY)

    def _somebody_waits(self, watcher: Connection) -> bool:
        found = bool(watcher.scalar(text(self.waiting)))
        watcher.rollback()
        return found

    @classmethod
    def filling(cls, rows: int) -> list[str]:
        """The statements that fill the tables.

        :param rows: of the large one.
        """
        inserts = ((OWNER, OWNERS), (ITEM, rows), (MARK, min(MARKS, rows)))
        return [f"{sql} {cls.numbers.format(n=number)}" for sql, number in inserts]

    def _fill(self) -> None:
        with _engine(self._base.url).begin() as connection:
            for statement in self.filling(self._rows):
                connection.execute(text(statement))


class PostgreSQL(Tables):
    """Copies are made by the server, file by file."""

    name = "PostgreSQL"
    server = POSTGRESQL
    changes = _changes_postgresql.CHANGES
    numbers = "generate_series(1, {n}) AS s(g)"
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'items'::regclass"

    def _fill(self) -> None:
        super()._fill()
        with _engine(self._base.url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (FREEZE, ANALYZE)"))

    def _copy(self, end: ExitStack) -> str:
        name = f"{make_url(self._base.url).database}_copy"
        database = Database(self.server.name, _renamed(self._base.url, name))
        self.server.execute(
            self._at.url,
            [f'CREATE DATABASE "{name}" TEMPLATE "{make_url(self._base.url).database}" STRATEGY FILE_COPY'],
        )
        end.callback(self.server.drop_database, self._at, database)
        return database.url


class MariaDB(Tables):
    """Copies are made row by row."""

    name = "MariaDB"
    server = MARIADB
    changes = _changes_mariadb.CHANGES
    numbers = "(SELECT seq AS g FROM seq_1_to_{n}) s"
    waiting = (
        "SELECT count(*) FROM information_schema.processlist "
        "WHERE db = database() AND state = 'Waiting for table metadata lock'"
    )

    def _copy(self, end: ExitStack) -> str:
        database = end.enter_context(self._database())
        source = make_url(self._base.url).database
        with _engine(database.url).begin() as connection:
            for table in TABLES:
                connection.execute(text(f"CREATE TABLE {table} LIKE {source}.{table}"))
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM {source}.{table}"))
            connection.execute(text(KEY))  # which LIKE leaves out
        return database.url


def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def _renamed(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


ENGINES: dict[str, type[Tables]] = {"postgresql": PostgreSQL, "mariadb": MariaDB}
