from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-cluster-vacuum-full"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CLUSTER shelf USING shelf_pkey")',
        'op.execute("CLUSTER")',
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM FULL shelf")',
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM (FULL, ANALYZE) shelf")',
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM FULL")',
    ],
)
def test_rewrite_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM ANALYZE shelf")',
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM (FULL off) shelf")',
        'op.execute("CREATE TABLE t (id integer PRIMARY KEY)")\nop.execute("CLUSTER t USING t_pkey")',
        'op.execute("ALTER TABLE shelf CLUSTER ON shelf_pkey")',
        'with op.get_context().autocommit_block():\n    op.execute("REPACK (CONCURRENTLY) shelf")',
    ],
)
def test_statement_that_lets_others_work_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:19")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("CLUSTER shelf USING shelf_pkey")', "postgresql:15")
    assert finding.message == (
        "CLUSTER writes every row and every index of shelf anew; nobody can read or write shelf until that is done."
    )
    assert finding.instead == (
        "Leave it out of the revision, it changes no schema, and do it beside the running site:\n"
        "\n"
        "    pg_repack --table shelf"
    )


def test_version_19_repacks_concurrently() -> None:
    finding = assert_flags(RULE, 'op.execute("CLUSTER shelf USING shelf_pkey")', "postgresql:19")
    assert 'op.execute("REPACK (CONCURRENTLY) shelf")' in (finding.instead or "")
