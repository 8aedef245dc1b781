from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from alembic.operations import ops

from app.schema.core.ops import OpaqueOp
from app.schema.core.server import Server
from app.schema.scripts.sql import translate

from .cases import SERVERS, cases
from .describe import described

EVERY_CASE = [(engine, sql, expected) for engine in SERVERS for sql, expected in cases(engine)]
POSTGRESQL = SERVERS["postgresql"]


@pytest.mark.parametrize(
    ("engine", "sql", "expected"), EVERY_CASE, ids=[f"{e}-{s[:60]}" for e, s, _ in EVERY_CASE]
)
def test_statement_becomes_its_operations(engine: str, sql: str, expected: list[str]) -> None:
    server = SERVERS[engine]
    found = [
        (f"#{one.statement} " if one.statement else "") + described(one, server)
        for one in translate(sql, server)
    ]
    assert found == expected


def test_statement_of_two_actions_has_one_number_and_one_text() -> None:
    first, second, third = translate("SELECT 1; ALTER TABLE t ADD a int, DROP b ; -- end", POSTGRESQL)
    assert (first.statement, second.statement, third.statement) == (0, 1, 1)
    assert first.sql == "SELECT 1"
    assert second.sql == third.sql == "ALTER TABLE t ADD a int, DROP b"


def test_lines_and_comments_between_words_change_nothing() -> None:
    sql = "ALTER /* ; */ TABLE -- comment; here\n  t\n\tADD a /* int */ text"
    (only,) = translate(sql, POSTGRESQL)
    assert isinstance(only.op, ops.AddColumnOp)
    assert str(only.op.column.type) == "TEXT"


@pytest.mark.parametrize("parameter", ["%(low)s", ":low", "%s"])
def test_bound_parameter_is_a_value(parameter: str) -> None:
    (only,) = translate(f"UPDATE t SET a = {parameter} WHERE id = {parameter} AND b LIKE '50%%'", POSTGRESQL)
    assert described(only, POSTGRESQL) == "DmlOp t where=True limited=True columns=a"


def test_parameter_in_a_default_is_kept() -> None:
    (only,) = translate("ALTER TABLE t ADD a text DEFAULT 'x:y'", POSTGRESQL)
    assert isinstance(only.op, ops.AddColumnOp)
    assert "DEFAULT 'x:y'" in described(only, POSTGRESQL)


def test_large_insert_is_not_parsed_row_by_row() -> None:
    sql = "INSERT INTO t (a) VALUES " + ", ".join(f"({number}, 'x;y')" for number in range(5_000))
    started = time.perf_counter()
    (only,) = translate(sql, POSTGRESQL)
    assert described(only, POSTGRESQL) == "DmlOp t kind=insert columns=a"
    assert time.perf_counter() - started < 2


FUZZED = [(engine, sql) for engine, sql, _ in EVERY_CASE]


@pytest.mark.parametrize("engine", SERVERS)
def test_truncated_and_shuffled_sql_never_raises(engine: str) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable noise, not a secret
    for _, sql in chance.sample(FUZZED, 150):
        cut = sql[: chance.randrange(len(sql) + 1)]
        words = sql.split()
        chance.shuffle(words)
        for text in (cut, sql[len(cut) :], " ".join(words), " ".join(chance.choices(words, k=30))):
            translate(text, SERVERS[engine])


@pytest.mark.parametrize("engine", SERVERS)
def test_noise_never_raises(engine: str) -> None:
    chance = random.Random(11)  # noqa: S311 - repeatable noise, not a secret
    alphabet = "aA1 ;,.()[]'\"`$:%\\/*-+#@!=<>{}|&?\n\0é😀"
    starts = ["", "ALTER TABLE ", "CREATE TABLE t (", "SELECT ", "DO $$ ", "UPDATE t SET ", "SET "]
    for _ in range(400):
        noise = chance.choice(starts) + "".join(chance.choices(alphabet, k=chance.randrange(40)))
        translate(noise, SERVERS[engine])


@pytest.mark.parametrize("engine", SERVERS)
@pytest.mark.parametrize(
    "text", ["SELECT " + "(" * 3000, "ALTER TABLE t ADD a int DEFAULT " + "(" * 3000 + ")" * 3000]
)
def test_deep_nesting_never_raises(engine: str, text: str) -> None:
    translate(text, SERVERS[engine])


def test_what_is_not_understood_says_why_and_keeps_its_text() -> None:
    (only,) = translate("FROBNICATE the table", POSTGRESQL)
    assert isinstance(only.op, OpaqueOp)
    assert only.op.sql == "FROBNICATE the table"
    assert only.op.reason == "a statement that starts with 'FROBNICATE the table' is not known"


def test_typical_statement_takes_less_than_two_milliseconds() -> None:
    sql = "ALTER TABLE accounts ADD COLUMN nickname varchar(50) NOT NULL DEFAULT ''; UPDATE t SET a = 1 WHERE b IS NULL"
    translate(sql, POSTGRESQL)
    best = min(_seconds(sql) for _ in range(20))
    assert best / 2 < 0.002


def _seconds(sql: str) -> float:
    started = time.perf_counter()
    translate(sql, POSTGRESQL)
    return time.perf_counter() - started


def test_changes_of_the_schema_alone_do_not_import_the_query_parser() -> None:
    program = (
        "import sys; from app.schema.core.server import Server; from app.schema.scripts.sql import translate\n"
        "translate('ALTER TABLE t ADD a int', Server.parse('postgresql:15')); assert 'sqlglot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_names_are_folded_as_the_server_does() -> None:
    (plain,) = translate('DROP TABLE "App"."Users"', POSTGRESQL)
    (folded,) = translate("DROP TABLE App.Users", POSTGRESQL)
    (kept,) = translate("DROP TABLE App.Users", Server.parse("mysql"))
    assert [(one.op.schema, one.op.table_name) for one in (plain, folded, kept)] == [  # type: ignore[attr-defined]
        ("App", "Users"),
        ("app", "users"),
        ("App", "Users"),
    ]


@pytest.mark.parametrize("engine", SERVERS)
def test_created_table_can_be_built_again_and_again(engine: str) -> None:
    server = SERVERS[engine]
    created = [
        one.op
        for sql, _ in cases(engine)
        for one in translate(sql, server)
        if isinstance(one.op, ops.CreateTableOp)
    ]
    assert created
    for op in created:
        assert len(op.to_table().columns) == len(op.to_table().columns)


def test_statement_that_the_query_parser_gives_up_on_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    (only,) = translate("WITH gone AS (DELETE FROM t RETURNING *) SET pg_advisory_lock(1)", POSTGRESQL)
    assert isinstance(only.op, OpaqueOp)
    assert not caplog.records
