"""The table `schema_ledger`: one row for everything that was done with a revision. Rows are only ever added.

It is in the schema of the version table; `version_table` keeps those apart that share a database. What is a list is
written as JSON in a text, what is a digest as hexadecimal digits: a person with a client can read both.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from ..core.own_tables import LEDGER
from .moment import MOMENT

# MySQL and MariaDB take the smallest type that holds so many bytes: LONGTEXT and LONGBLOB.
_MOST = 2**32 - 1
_LONG = Text().with_variant(Text(_MOST), "mysql", "mariadb")


@cache
def ledger(schema: str | None = None) -> Table:
    """Return the table.

    :param schema: where it is, `None` for the connection's own.
    """
    return Table(
        LEDGER,
        MetaData(),
        Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("id", String(32), nullable=False),
        Column("attempt", String(32), nullable=False),
        Column("version_table", String(255), nullable=False),
        Column("revision", String(255), nullable=False),
        Column("parents", Text, nullable=False),
        Column("message", Text, nullable=False),
        Column("path", Text, nullable=False),
        Column("direction", String(16), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("result", String(16), nullable=False),
        Column("heads", Text),
        Column("source_digest", String(64)),
        Column("meaning_digest", String(64)),
        Column("downgrade_digest", String(64)),
        Column("started_at", MOMENT, nullable=False),
        Column("ended_at", MOMENT),
        Column("duration", Double, nullable=False),
        Column("server", String(64), nullable=False),
        Column("user", String(255), nullable=False),
        Column("host", String(255), nullable=False),
        Column("pid", Integer, nullable=False),
        Column("code", String(255)),
        Column("tool", String(64), nullable=False),
        Column("error", _LONG),
        Column("note", _LONG),
        Column("attempts", Integer, nullable=False),
        Column("longest_wait", Double, nullable=False),
        Column("source", LargeBinary().with_variant(LargeBinary(_MOST), "mysql", "mariadb")),
        schema=schema,
    )
