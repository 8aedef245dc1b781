"""A database server that changes are judged for: an engine and a version, without a connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import url

from .errors import UsageProblem

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

# Engine name -> (SQLAlchemy dialect, version assumed where none is given). The versions are the oldest that
# their makers or Debian stable still support: a version that is not known must never be assumed to be new.
ENGINES = {
    "postgresql": ("postgresql+psycopg", (14,)),
    "mariadb": ("mysql+pymysql", (10, 6)),
    "mysql": ("mysql+pymysql", (8, 0)),
    "sqlite": ("sqlite", (3, 40)),
}
_SPELLING = re.compile(r"^(?P<engine>[a-z]+)(?::(?P<version>\d+(?:\.\d+)*))?$")


@dataclass(frozen=True)
class Server:
    """An engine (`postgresql`, `mariadb`, `mysql`, `sqlite`) and its version, such as `(10, 11)`."""

    engine: str
    version: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Server:
        """Read `postgresql:15` or `sqlite`.

        :raise UsageProblem: the engine is unknown or the version is not a number.
        """
        match = _SPELLING.match(text.strip().lower())
        if match is None or match["engine"] not in ENGINES:
            raise UsageProblem(
                f"{text!r} is not a database server that can be judged for.",
                expected="Expected an engine and a version, such as postgresql:15, mariadb:10.11, mysql:8.4 "
                "or sqlite:3.40.",
            )
        if match["version"] is None:
            return cls(match["engine"], ENGINES[match["engine"]][1])
        return cls(match["engine"], tuple(int(part) for part in match["version"].split(".")))

    @property
    def dialect_name(self) -> str:
        """The name that SQLAlchemy and Alembic use: MariaDB is `mysql` there."""
        return "mysql" if self.engine == "mariadb" else self.engine

    @property
    def transactional_ddl(self) -> bool:
        """True where a failed transaction takes its schema changes back."""
        return self.engine in ("postgresql", "sqlite")

    def at_least(self, *version: int) -> bool:
        """True if the server has this version or a newer one."""
        return self.version >= version

    def dialect(self) -> Dialect:
        """Return a SQLAlchemy dialect that renders for this server, without a connection."""
        driver = ENGINES[self.engine][0]
        dialect: Any = url.make_url(f"{driver}://").get_dialect()()
        dialect.server_version_info = self.version
        if self.engine == "mariadb":
            dialect.is_mariadb = True
            dialect._set_mariadb(is_mariadb=True, server_version_info=self.version)
        made: Dialect = dialect
        return made

    def __str__(self) -> str:
        return f"{self.engine}:{'.'.join(map(str, self.version))}"
