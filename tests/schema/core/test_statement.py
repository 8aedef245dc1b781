from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine

from app.schema.core.statement import StatementKind, commits_implicitly, idempotent, kind, patient, tables
from tests.databases.servers import Database

READ, SESSION, TRANSACTION, DATA, SCHEMA = StatementKind


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", READ),
        ("(SELECT 1) UNION (SELECT 2)", READ),
        ("-- why\n/* a /* nested */ ; drop table x */ SELECT id FROM customer FOR UPDATE", READ),
        ("select pg_catalog.version()", READ),
        ("SELECT pg_try_advisory_lock(1)", READ),
        ("SELECT set_config('search_path', '', false)", SESSION),
        ("SELECT setval('s', 5)", DATA),
        ("SELECT create_hypertable('m', 'time')", DATA),
        ("SELECT * INTO copy FROM customer", SCHEMA),
        ("SELECT 'INTO ' || name FROM customer", READ),
        ("WITH a AS (SELECT 1) SELECT * FROM a", READ),
        ("WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", DATA),
        ('WITH a AS (SELECT 1 AS "update") SELECT * FROM a FOR NO KEY UPDATE', READ),
        ("EXPLAIN DELETE FROM a", READ),
        ("EXPLAIN (ANALYZE, BUFFERS) DELETE FROM a", DATA),
        ("SHOW lock_timeout", READ),
        ("INSERT INTO a VALUES ('; drop table a')", DATA),
        ("COPY a FROM STDIN", DATA),
        ("CALL p()", DATA),
        ("DO $$ BEGIN PERFORM 1; END $$", DATA),
        (
            "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            SCHEMA,
        ),
        ("CREATE TABLE a (id int)", SCHEMA),
        ("LOCK TABLE a", SCHEMA),
        ("VACUUM a", SCHEMA),
        ("SET lock_timeout = '1s'", SESSION),
        ("RESET ALL", SESSION),
        ("BEGIN", TRANSACTION),
        ("START TRANSACTION", TRANSACTION),
        ("ROLLBACK TO SAVEPOINT a", TRANSACTION),
        ("PREPARE TRANSACTION 'a'", TRANSACTION),
        ("UPDATE a SET x = 1; ALTER TABLE a ADD y int;", SCHEMA),
        ("UPDATE a SET x = ';'; SELECT 1", DATA),
        ("", READ),
        ("-- nothing", READ),
        ("FROBNICATE everything", SCHEMA),
    ],
)
def test_kind_of_a_postgresql_statement(sql: str, expected: StatementKind) -> None:
    assert kind(sql, "postgresql") is expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("# note\nALTER TABLE a ADD b INT", SCHEMA),
        ("/*!50001 CREATE VIEW v AS SELECT 1 */", SCHEMA),
        ("SET STATEMENT max_statement_time=5 FOR ALTER TABLE a ADD b INT", SCHEMA),
        ("SET STATEMENT max_statement_time=5 FOR UPDATE a SET b = 1", DATA),
        ("SELECT @@transaction_isolation", READ),
        ("SELECT 'it''s; \\' DROP' INTO @a", READ),
        ("LOCK TABLES a WRITE", SESSION),
        ("LOAD DATA INFILE 'x' INTO TABLE a", DATA),
        ("ANALYZE TABLE a", SCHEMA),
        ("ANALYZE SELECT 1", READ),
        ("ANALYZE UPDATE a SET b = 1", DATA),
        ("REPLACE INTO a VALUES (1)", DATA),
        ("BEGIN NOT ATOMIC UPDATE a SET b = 1; END", DATA),
        ("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; SET NEW.y = 2; END", SCHEMA),
    ],
)
def test_kind_of_a_mysql_statement(sql: str, expected: StatementKind) -> None:
    assert kind(sql, "mysql") is expected
    assert kind(sql, "mariadb") is expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("PRAGMA table_info('a')", READ),
        ("PRAGMA main.index_list(a)", READ),
        ("PRAGMA foreign_keys", READ),
        ("PRAGMA foreign_keys = ON", SESSION),
        ("PRAGMA foreign_keys(1)", SESSION),
        ("PRAGMA optimize", SESSION),
        ("VACUUM", SCHEMA),
        ("INSERT OR REPLACE INTO a VALUES (1)", DATA),
        ("END", TRANSACTION),
    ],
)
def test_kind_of_a_sqlite_statement(sql: str, expected: StatementKind) -> None:
    assert kind(sql, "sqlite") is expected


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)",
        "drop index concurrently i",
        "REINDEX (VERBOSE) INDEX CONCURRENTLY i",
        "REINDEX (CONCURRENTLY) INDEX i",
        'ALTER TABLE "A b" VALIDATE CONSTRAINT "c, d"',
        "ALTER TABLE a VALIDATE CONSTRAINT b, VALIDATE CONSTRAINT c",
        "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
        "VACUUM (ANALYZE) a",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    ],
)
def test_long_work_under_a_weak_lock_is_patient(sql: str) -> None:
    assert patient(sql, "postgresql")
    assert not patient(sql, "sqlite")
    assert not patient(sql, "mysql")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX i ON a (b)",
        "CREATE INDEX concurrently_built ON a (b)",
        "ALTER TABLE a ADD c int, VALIDATE CONSTRAINT b",
        "VACUUM FULL a",
        "VACUUM (FULL) a",
        "ALTER TABLE a VALIDATE CONSTRAINT b; DROP TABLE a",
        "COMMENT ON TABLE a IS 'VALIDATE CONSTRAINT b'",
        "",
    ],
)
def test_strong_locks_are_not_patient(sql: str) -> None:
    assert not patient(sql, "postgresql")


IMPLICIT = {
    "CREATE TABLE made (id INT)": True,
    "CREATE TEMPORARY TABLE made (id INT)": False,
    "DROP TEMPORARY TABLE IF EXISTS made": False,
    "DROP TABLE IF EXISTS made": True,
    "ALTER TABLE other ADD x INT": True,
    "ANALYZE TABLE other": True,
    "CHECK TABLE other": True,
    "BEGIN": True,
    "START TRANSACTION": True,
    "LOCK TABLES kept WRITE, other WRITE": True,
    "FLUSH TABLES": True,
    "SET autocommit = 1": True,
    "SET STATEMENT max_statement_time=5 FOR CREATE INDEX i ON other (id)": True,
    "COMMENT": None,
    "SELECT * FROM other": False,
    "SET @a = 1": False,
    "SAVEPOINT a": False,
    "UPDATE other SET id = 1": False,
    "DO 1": False,
    "CREATE OR REPLACE VIEW seen AS SELECT 1": True,
    "GRANT SELECT ON other TO current_user": None,
}


@pytest.mark.parametrize("sql", [sql for sql, answer in IMPLICIT.items() if answer is not None])
def test_implicit_commits_are_those_of_the_server(sql: str, make_database: Callable[[str], Database]) -> None:
    engine = create_engine(make_database("mariadb").url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE kept (id INT)"))
        connection.execute(sa.text("CREATE TABLE other (id INT)"))
        connection.commit()
        connection.execute(sa.text("INSERT INTO kept VALUES (1)"))
        connection.exec_driver_sql(sql)
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("UNLOCK TABLES")
        committed = connection.scalar(sa.text("SELECT count(*) FROM kept")) == 1

    assert committed is IMPLICIT[sql]
    assert commits_implicitly(sql, "mariadb") is committed
    assert not commits_implicitly(sql, "postgresql")
    assert not commits_implicitly(sql, "sqlite")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE IF NOT EXISTS a (id int)",
        "DROP TABLE IF EXISTS a, b",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "ALTER TABLE a ALTER COLUMN b SET DEFAULT 'x, DROP COLUMN y'",
        "ALTER TABLE a ALTER b SET NOT NULL, ALTER COLUMN c DROP DEFAULT",
        "ALTER TABLE a ALTER COLUMN b TYPE numeric(10, 2)",
        "ALTER TABLE a VALIDATE CONSTRAINT b",
        "ALTER TABLE a ADD COLUMN IF NOT EXISTS b int",
        "COMMENT ON COLUMN a.b IS 'x'",
        "GRANT SELECT ON a TO b",
        "ANALYZE a",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy'",
        "SET lock_timeout = 5",
        "SELECT 1",
    ],
)
def test_statements_that_may_run_twice(sql: str) -> None:
    assert idempotent(sql, "postgresql")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE a (id int)",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)",
        "REINDEX INDEX CONCURRENTLY i",
        "CREATE TABLE IF NOT EXISTS a AS SELECT 1",
        "ALTER TABLE IF EXISTS a ADD COLUMN b int",
        "ALTER TABLE a ALTER b SET NOT NULL, ADD c int",
        "ALTER TABLE a ALTER b TYPE int USING b * 2",
        "ALTER TABLE a RENAME TO b",
        "ALTER SEQUENCE s RESTART WITH 5",
        "TRUNCATE a",
        "UPDATE a SET b = b + 1",
        "DROP TABLE a; DROP TABLE IF EXISTS b",
        "COMMIT",
    ],
)
def test_statements_that_may_not_run_twice(sql: str) -> None:
    assert not idempotent(sql, "postgresql")


def test_mysql_restates_columns_as_often_as_one_likes() -> None:
    assert idempotent("ALTER TABLE a MODIFY b VARCHAR(20) NOT NULL, ALGORITHM=INPLACE", "mysql")
    assert not idempotent("ALTER TABLE a CHANGE b c INT", "mysql")
    assert not idempotent("CREATE OR REPLACE TABLE a (id INT)", "mysql")


@pytest.mark.parametrize(
    ("sql", "dialect_name", "expected"),
    [
        ("ALTER TABLE IF EXISTS ONLY Shop.Customer ADD x int", "postgresql", "shop.customer"),
        ('ALTER TABLE "Shop"."a ""b""" ADD x int', "postgresql", 'Shop.a "b"'),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON customer (id)", "postgresql", "customer"),
        ("DROP INDEX i ON `Customer`", "mysql", "Customer"),
        ("INSERT INTO customer VALUES (1)", "sqlite", "customer"),
        ("CREATE TABLE IF NOT EXISTS [my table] (id)", "sqlite", "my table"),
        ("DELETE FROM customer WHERE id = 1", "postgresql", "customer"),
        ("SELECT 1", "postgresql", None),
    ],
)
def test_table_that_a_statement_names(sql: str, dialect_name: str, expected: str | None) -> None:
    assert tables(sql, dialect_name) == ((expected,) if expected else ())
