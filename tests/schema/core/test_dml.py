from __future__ import annotations

import pytest

from app.schema.core.dml import batches, is_bounded
from app.schema.core.facts import Facts, TableFacts
from app.schema.core.ops import DmlOp
from app.schema.core.server import Server
from app.schema.core.state import ConstraintState, IndexState, TableState

ACCOUNT = TableState(
    "account",
    constraints=[
        ConstraintState("primary key", None, ("nr",)),
        ConstraintState("unique", None, ("site", "page")),
    ],
    indexes={
        "uq": IndexState("uq", ("number",), unique=True),
        "part": IndexState("part", ("tag",), unique=True, where="open"),
    },
)


def _update(condition: str) -> DmlOp:
    return DmlOp("account", where=bool(condition), sql=f"UPDATE account SET name = 'x' {condition}")


@pytest.mark.parametrize(
    "condition",
    [
        "WHERE nr = 7",
        "WHERE account.nr = 7 AND name IS NULL",
        "WHERE nr IN (1, 2, 3)",
        "WHERE number = 'it''s'",
        "WHERE page = :page AND site = %(site)s",
        'where "number" = ?',
        "WHERE name = 'admin'",
        "WHERE key IN ('color', 'size')",
    ],
)
def test_condition_that_names_a_unique_key_is_bounded(condition: str) -> None:
    assert is_bounded(_update(condition), ACCOUNT, None, "account")


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "WHERE nr = 7 OR name IS NULL",
        "WHERE site = 'a'",
        "WHERE tag = 'x'",
        "WHERE nr IN (SELECT nr FROM old)",
        "WHERE numbers = 7",
        "WHERE name IS NULL",
        "WHERE name LIKE 'a%'",
        "WHERE nr = other",
    ],
)
def test_condition_that_leaves_the_number_of_rows_open_is_not_bounded(condition: str) -> None:
    assert not is_bounded(_update(condition), ACCOUNT, None, "account")


@pytest.mark.parametrize(("rows", "bounded"), [(12, True), (1_000_000, False)])
def test_table_is_small_where_the_database_says_so(rows: int, bounded: bool) -> None:
    facts = Facts(Server.parse("postgresql:15"), {"account": TableFacts(rows, 8192)})
    assert is_bounded(_update(""), ACCOUNT, facts, "account") is bounded


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("DELETE FROM account;", 'f"DELETE FROM account WHERE nr BETWEEN {start} AND {start + 999}"'),
        (
            "UPDATE account SET a = 1 WHERE b OR c",
            'f"UPDATE account SET a = 1 WHERE (b OR c) AND nr BETWEEN {start} AND {start + 999}"',
        ),
        (
            "UPDATE account SET a = '{}'",
            "f\"UPDATE account SET a = '{{}}' WHERE nr BETWEEN {start} AND {start + 999}\"",
        ),
        ("DELETE FROM account RETURNING nr", 'f"… WHERE nr BETWEEN {start} AND {start + 999}"'),
    ],
)
def test_loop_runs_the_statement_for_some_keys_at_a_time(sql: str, line: str) -> None:
    source = batches(DmlOp("account", sql=sql), ACCOUNT)
    compile(source, "loop", "exec")
    assert source.splitlines()[-1].strip() == f"op.execute({line})"
