"""A revision that goes on where it stopped is told by the database what it was told before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from app.schema.runner.answers import MOST_ROWS, Answer, Answers
from tests.schema.conftest import Project, create

VALUES = (
    None, True, -1, 2**80, 0.1, "täxt\ud800", b"\x00\xff", Decimal("1.10"), date(2026, 1, 2), time(3, 4, 5, 6),
    datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=2))), timedelta(-1, 5, 7), UUID(int=5),
    [1, [None, b"x"]], (1, "a"), {"a": [Decimal(1)], "decimal": "b", 3: None},
)  # fmt: skip


@pytest.mark.parametrize("times", [1, 500])
def test_answers_come_back_as_they_were(times: int) -> None:
    answers = Answers()
    answer = Answer(3, 7, (("a", 23), ("b", None)), (VALUES,) * times)
    answers.add("one", answer)
    answers.add("two", Answer())
    again = Answers(answers.text())
    assert again.complete
    assert again.take("one") == answer
    assert again.take("one") is None
    assert again.take("two") == Answer()


@pytest.mark.parametrize(
    "answer",
    [None, Answer(rows=((object(),),)), Answer(rows=((1,),) * (MOST_ROWS + 1))],
    ids=["none", "odd", "long"],
)
def test_what_cannot_be_kept_is_said_to_be_missing(answer: Answer | None) -> None:
    answers = Answers()
    answers.add("one", answer)
    again = Answers(answers.text())
    assert not again.complete
    assert again.take("one") is None


START = """
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("v", sa.Integer()),
        sa.Column("w", sa.Integer()))
    op.bulk_insert(sa.table("t", sa.column("id"), sa.column("v")), [{"id": n, "v": n} for n in range(1, 13)])
""".strip()
# The first run stops where a table is in the way that somebody else then drops.
STOPS = create("stop")
FILTERED = """
    bind = op.get_bind()
    with op.get_context().autocommit_block():
        for (key,) in bind.execute(sa.text("SELECT id FROM t WHERE w IS NULL ORDER BY id")).all():
            bind.execute(sa.text("UPDATE t SET w = v, v = v + 100 WHERE id = :id"), {"id": key})
            if key == 5 and bind.execute(sa.text("SELECT count(*) FROM fails")).scalar():
                op.execute("INSERT INTO fails VALUES (1)")
"""
COUNTED = """
    bind = op.get_bind()
    few = "SELECT id FROM (SELECT id FROM t WHERE w IS NULL ORDER BY id LIMIT 5) AS few"
    with op.get_context().autocommit_block():
        at = 0
        while True:
            done = bind.execute(sa.text(f"UPDATE t SET w = v, v = v + 100 WHERE id IN ({few})"))
            at += 1
            if done.rowcount < 5:
                break
            if at == 1 and bind.execute(sa.text("SELECT count(*) FROM fails")).scalar():
                op.execute("INSERT INTO fails VALUES (1)")
"""
GONE = """
    bind = op.get_bind()
    with op.get_context().autocommit_block():
        for key, value in bind.execute(sa.text("SELECT id, v FROM t ORDER BY id")).all():
            bind.execute(sa.text("UPDATE t SET w = :w WHERE id = :id"), {"id": key, "w": value})
        op.execute("UPDATE t SET v = v + 100")
        op.execute("ALTER TABLE t RENAME COLUMN v TO value")
        op.execute("INSERT INTO fails VALUES (1)")
        op.execute("ALTER TABLE t RENAME COLUMN value TO v")
"""


@pytest.mark.parametrize("way", [FILTERED, COUNTED, GONE], ids=["filtered", "counted", "gone"])
def test_rows_are_changed_once_and_none_is_left_out(project: Project, way: str) -> None:
    table = 'op.execute("CREATE TABLE fails (id integer PRIMARY KEY)")\n    op.execute("INSERT INTO fails VALUES (1)")'
    project.revision("aaa", upgrade=f"{START}\n    {table}")
    project.revision("bbb", "aaa", upgrade=way.strip())
    project.flask("db", "upgrade", "aaa")
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    project.rows("DELETE FROM fails")
    project.flask("db", "upgrade")
    assert sorted(project.rows("SELECT id, v, w FROM t")) == [(n, n + 100, n) for n in range(1, 13)]
