"""What is read without sqlglot is read as sqlglot reads it, and what is not simple is left to it."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import asdict

import pytest

from app.schema.core.server import Server
from app.schema.scripts.sql import plain, queries

SERVERS = [Server.parse(name) for name in ("postgresql:15", "mysql:8.4", "mariadb:10.11", "sqlite:3.40")]
SETS = ["a = 1", "A = 'x', b = NULL", "id = 1.5", "a = TRUE, a = FALSE"]
COMPARISONS = [
    "a = 1",
    "b IS NULL",
    "b IS NOT NULL",
    "id = 7",
    "ID = 'x'",
    "uuid <> 1",
    "id >= 1",
    "id < 9",
    "pk > 1",
    "a <= 4",
    "id BETWEEN 1 AND 10",
    "a BETWEEN 'x' AND 'y'",
    "rowid != 3",
]
CONDITIONS = ["", *COMPARISONS, *(" AND ".join(pair) for pair in itertools.product(COMPARISONS, repeat=2))]
STATEMENTS = [
    *(f"UPDATE T SET {assigned} WHERE id = 1" for assigned in SETS),
    *(f"UPDATE t SET a = 2{f' WHERE {it}' if it else ''}" for it in CONDITIONS),
    *(f"DELETE FROM t{f' WHERE {it}' if it else ''}" for it in CONDITIONS),
    *(f"DELETE FROM t WHERE id > 1 AND {it} AND id <= 5" for it in COMPARISONS),
]
OTHERS = [
    "UPDATE t SET a = b",
    "UPDATE t SET a = a + 1",
    "UPDATE t SET a = now()",
    "UPDATE t SET a = CURRENT_TIMESTAMP",
    "UPDATE t SET a = DEFAULT",
    "UPDATE t SET a = 'it''s'",
    "UPDATE t SET a = 'a\\b'",
    "UPDATE t SET a = E'x'",
    "UPDATE t SET a = :value",
    "UPDATE t SET a = -1",
    "UPDATE t AS s SET a = 1",
    "UPDATE s.t SET a = 1",
    'UPDATE "t" SET a = 1',
    "UPDATE ONLY t SET a = 1",
    "UPDATE t SET a = 1 WHERE a = a",
    "UPDATE t SET a = 1 WHERE 1 = 1",
    "UPDATE t SET a = 1 WHERE TRUE",
    "UPDATE t SET a = 1 WHERE a = 1 OR b = 2",
    "UPDATE t SET a = 1 WHERE (a = 1)",
    "UPDATE t SET a = 1 WHERE NOT a = 1",
    "UPDATE t SET a = 1 WHERE a IN (1, 2)",
    "UPDATE t SET a = 1 WHERE a LIKE 'x'",
    "UPDATE t SET a = 1 WHERE user = 'x'",
    "UPDATE t SET a = 1 WHERE lower(a) = 'x'",
    "UPDATE t SET a = 1 WHERE id = (SELECT 1)",
    "UPDATE t SET a = 1 FROM s WHERE id = 1",
    "UPDATE t SET a = 1 WHERE id = 1 RETURNING id",
    "UPDATE t SET a = 1 LIMIT 10",
    "UPDATE t, s SET a = 1",
    "UPDATE t SET (a, b) = (1, 2)",
    "UPDATE t SET",
    "DELETE t FROM t",
    "DELETE FROM t USING s WHERE id = 1",
    "DELETE FROM t WHERE",
    "DELETE FROM t WHERE a =",
    "INSERT INTO t VALUES (1)",
]


@pytest.mark.parametrize("server", SERVERS, ids=str)
def test_simple_changes_are_read_as_sqlglot_reads_them(server: Server) -> None:
    for sql in STATEMENTS:
        simple = plain.change(sql, server)
        [(read, clauses)] = queries.operations(sql, server)
        assert simple is not None, sql
        assert asdict(simple) == asdict(read), sql  # type: ignore[call-overload]  # a dataclass
        assert clauses == {}


@pytest.mark.parametrize("server", SERVERS, ids=str)
@pytest.mark.parametrize("sql", OTHERS)
def test_all_others_are_left_to_sqlglot(sql: str, server: Server) -> None:
    assert plain.change(sql, server) is None


def test_a_simple_change_does_not_load_sqlglot() -> None:
    program = (
        "import sys; from app.schema.core.server import Server; from app.schema.scripts.sql import translate\n"
        "translate('UPDATE t SET a = 1 WHERE b IS NULL', Server.parse('postgresql:15'))\n"
        "assert 'sqlglot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
