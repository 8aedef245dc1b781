"""Whether a session still executes a statement although the client that sent it is dead.

A server notices that when it has something to say to the client; until then it works on. PostgreSQL looks sooner
with `client_connection_check_interval`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from ...core.waits import Blocker

if TYPE_CHECKING:
    from sqlalchemy import Connection

# PostgreSQL keeps the first bytes of a statement only, and cuts none of its characters apart.
_POSTGRESQL = """
    SELECT pid, usename AS owner, application_name AS application, state, query,
           extract(epoch FROM clock_timestamp() - query_start) AS age,
           octet_length(query) + 5 > (SELECT setting::int FROM pg_settings
                                      WHERE name = 'track_activity_query_size') AS cut
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
      AND backend_type = 'client backend'
"""
_MYSQL = """
    SELECT id AS pid, user AS owner, NULL AS application, state, info AS query, time AS age, FALSE AS cut
    FROM information_schema.processlist
    WHERE db = database() AND id <> connection_id() AND command <> 'Sleep' AND info IS NOT NULL
"""
_QUERIES = {"postgresql": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}


def executing(connection: Connection, sql: str) -> Blocker | None:
    """Return the session that executes a statement at the moment, `None` if nobody does.

    Sees the sessions of its own user, and those of others only with the rights for that.

    :param sql: the statement as the server got it.
    """
    query = _QUERIES.get(connection.dialect.name)
    wanted = " ".join(sql.split())
    for row in connection.execute(text(query)).all() if query else ():
        found = " ".join(row.query.split())
        if wanted and (found == wanted or (row.cut and wanted.startswith(found))):
            return Blocker(row.pid, row.owner, row.application, float(row.age or 0), row.state or "active")
    return None
