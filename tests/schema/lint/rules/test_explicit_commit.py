from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "explicit-commit"


@pytest.mark.parametrize("server", ["postgresql:15", "sqlite:3.40", "mariadb:10.11"])
@pytest.mark.parametrize(
    "body",
    [
        'op.execute("COMMIT")',
        'op.execute("BEGIN")',
        'op.execute("  rollback;")',
        "op.get_bind().commit()",
        'op.get_bind().execute(sa.text("COMMIT"))',
        "connection = op.get_bind()\nconnection.get_transaction().commit()",
    ],
)
def test_transaction_control_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("SAVEPOINT one")\nop.execute("RELEASE SAVEPOINT one")',
        'with op.get_context().autocommit_block():\n    op.execute("BEGIN")\n    op.execute("COMMIT")',
        "with op.get_bind().begin_nested():\n    op.execute(\"UPDATE shelf SET label = 'a' WHERE id = 1\")",
        'op.create_table("commit", sa.Column("id", sa.Integer(), primary_key=True))',
        "op.execute(\"UPDATE shelf SET label = 'commit' WHERE id = 1\")",
    ],
)  # fmt: skip
def test_transaction_that_is_left_alone_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_commit_where_ddl_commits_anyway_is_a_warning() -> None:
    assert assert_flags(RULE, 'op.execute("COMMIT")', "mariadb:10.11").severity is Severity.WARNING
    assert assert_flags(RULE, 'op.execute("ROLLBACK")', "mariadb:10.11").severity is Severity.ERROR


def test_message_in_full() -> None:
    body = 'op.execute("COMMIT")\nop.create_index("ix", "account", ["name"], postgresql_concurrently=True)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "The transaction of the revision ends here: if anything below fails, what stands above stays, while the "
        "version says that the revision has not run."
    )
    assert finding.instead == (
        "Remove it. What must run outside the transaction stands in a block that puts everything back afterwards:\n\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix', 'account', ['name'], unique=False, postgresql_concurrently=True)"
    )
