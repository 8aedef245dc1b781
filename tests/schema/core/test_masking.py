"""No literal is left in what is shown, whatever it is written like."""

from __future__ import annotations

import pytest

from app.schema.core.masking import masked

SECRET = "geheim"


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("UPDATE t SET a = 'geheim' WHERE id = 17", "UPDATE t SET a = ? WHERE id = ?"),
        ("SELECT 'it''s geheim', 1.5e-3, .5, 0xFF", "SELECT ?, ?, ?, ?"),
        (r"SELECT 'C:\', 'geheim'", "SELECT ?, ?"),
        (r"SELECT E'\'geheim', t1.c2 FROM t1", "SELECT ?, t1.c2 FROM t1"),
        ("SELECT U&'geheim', X'9F', b'01', N'geheim'", "SELECT ?, ?, ?, ?"),
        ("DO $$ geheim 'x' $$", "DO ?"),
        ("DO $a$ geheim $$ geheim $a$ LANGUAGE plpgsql", "DO ? LANGUAGE plpgsql"),
        ("SELECT $1, a$b$c FROM t", "SELECT $1, a$b$c FROM t"),
        ("""SELECT "it's", "col 5" FROM "t 'x" -- geheim""", """SELECT "it's", "col 5" FROM "t 'x\""""),
        ("SELECT /* geheim ' */ 1\n  FROM t", "SELECT ? FROM t"),
        ("UPDATE t SET a = 'geheim and more that the server cut o", "UPDATE t SET a = ?"),
        ("DO $$ geheim", "DO ?"),
        ("SELECT 1 /* geheim", "SELECT ?"),
    ],
)
def test_literals_of_standard_sql(statement: str, shown: str) -> None:
    assert masked(statement) == shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        (r"UPDATE `t 1` SET a = 'it\'s', b = 'geheim'", "UPDATE `t 1` SET a = ?, b = ?"),
        ('UPDATE t SET a = "geheim", b = "it\\"s geheim"', "UPDATE t SET a = ?, b = ?"),
        ("UPDATE t # don't\nSET a = 'geheim'", "UPDATE t SET a = ?"),
        ("SELECT _utf8mb4'geheim', x'9F'", "SELECT ?, ?"),
        ("SELECT `it's` FROM t WHERE a = 'geheim", "SELECT `it's` FROM t WHERE a = ?"),
    ],
)
def test_literals_of_mysql(statement: str, shown: str) -> None:
    assert masked(statement, mysql=True) == shown


def test_long_statement_is_cut_and_stays_whole_on_demand() -> None:
    long = "SELECT " + ", ".join(f"column_{it}" for it in range(200))
    assert len(masked(long)) == 300
    assert masked(long, shorten=False) == long
