from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "python-branch-on-data"


@pytest.mark.parametrize(
    "body",
    [
        'for row in op.get_bind().execute(sa.text("SELECT id FROM account")):\n    op.drop_table("shelf")',
        'if "shelf" not in sa.inspect(op.get_bind()).get_table_names():\n    op.drop_table("shelf")',
        (
            'name = op.get_bind().scalar(sa.text("SELECT conname FROM pg_constraint LIMIT 1"))\n'
            'op.drop_constraint(name, "account")'
        ),
        'if op.get_bind().scalar(sa.text("SELECT count(*) FROM shelf")) == 0:\n    op.drop_table("shelf")',
        'for row in op.get_bind().execute(sa.text("SELECT 1 LIMIT 9")):\n    op.execute("DROP TABLE shelf")',
    ],
)
def test_revision_that_reads_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("UPDATE shelf SET label = NULL WHERE id = 1")',
        'op.get_bind().execute(sa.text("INSERT INTO shelf (id) SELECT id FROM book WHERE pages > 900"))',
        'if op.get_bind().dialect.name == "postgresql":\n    op.execute("SELECT 1")',
        'op.execute("SELECT 1")',
        'while op.get_bind().execute(sa.text("DELETE FROM shelf WHERE id IN (SELECT 1 LIMIT 9)")).rowcount:\n    pass',
        (
            'last = op.get_bind().scalar(sa.text("SELECT max(id) FROM shelf"))\n'
            "for start in range(0, last, 1000):\n"
            '    op.execute(f"UPDATE shelf SET label = NULL WHERE id BETWEEN {start} AND {start + 999}")'
        ),
        (
            'if op.get_bind().scalar(sa.text("SELECT count(*) FROM shelf WHERE label IS NULL")):\n'
            '    raise RuntimeError("fill the labels first")'
        ),
        (
            'if op.get_bind().execute(sa.text("SELECT label FROM shelf GROUP BY label HAVING count(*) > 1")).all():\n'
            '    raise RuntimeError("a label occurs twice")'
        ),
    ],
)
def test_revision_that_only_acts_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'if op.get_bind().scalar(sa.text("SELECT 1")):\n    op.drop_table("shelf")', "mariadb:10.11"
    )
    assert finding.message == (
        "Nobody can tell beforehand what r1 does: it reads from the database and goes on with the answer. What is "
        "reported here is what it does on an empty database, and `flask db upgrade --sql` cannot write it down."
    )
    assert finding.instead == (
        "Let one SQL statement find its rows itself (UPDATE … WHERE …, INSERT … SELECT …); change the schema without "
        "asking what is there."
    )
