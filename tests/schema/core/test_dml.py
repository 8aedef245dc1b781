from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.schema.core.dml import batches, is_bounded
from app.schema.core.facts import Facts, TableFacts
from app.schema.core.ops import DmlOp
from app.schema.core.server import Server
from app.schema.core.state import ColumnState, ConstraintState, IndexState, TableState

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
        "WHERE nr BETWEEN 1 AND 1000 AND name IS NULL",
        "WHERE nr >= :low AND nr < :high",
        "WHERE nr = ANY(:keys)",
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
        "WHERE nr > 7",
        "WHERE nr <> 7 AND nr >= 1",
        "WHERE nr = ANY(SELECT nr FROM old)",
        "WHERE page BETWEEN 1 AND 9",
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


def test_key_that_is_no_number_is_read_a_thousand_at_a_time() -> None:
    table = TableState(
        "account",
        columns={"id": ColumnState("id", sa.Uuid())},
        constraints=[ConstraintState("primary key", None, ("id",))],
    )
    assert batches(DmlOp("account", sql="DELETE FROM account a USING old o WHERE o.x = a.x"), table) == (
        'some = sa.text("SELECT id FROM account WHERE id > :last ORDER BY id LIMIT 1000")\n'
        'change = sa.text("DELETE FROM account a USING old o WHERE o.x = a.x AND a.id IN :keys")\n'
        'change = change.bindparams(sa.bindparam("keys", expanding=True))\n'
        "with op.get_context().autocommit_block():\n"
        '    last = "00000000-0000-0000-0000-000000000000"\n'
        '    while keys := op.get_bind().scalars(some, {"last": last}).all():\n'
        '        op.get_bind().execute(change, {"keys": keys})\n'
        "        last = keys[-1]"
    )
