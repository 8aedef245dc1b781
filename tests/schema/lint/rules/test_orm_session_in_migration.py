from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "orm-session-in-migration"


@pytest.mark.parametrize(
    "body",
    [
        "from sqlalchemy.orm import Session\nsession = Session(bind=op.get_bind())",
        "from sqlalchemy import orm\nsession = orm.Session(op.get_bind())",
        "from sqlalchemy.orm import sessionmaker\nmake = sessionmaker(bind=op.get_bind())\nmake().flush()",
        "from shop.extensions import db\ndb.session.commit()",
    ],
)
def test_session_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("session", sa.Column("id", sa.Integer()), sa.Column("Session", sa.Text()))',
        "op.execute(\"SET SESSION lock_timeout = '2s'\")",
        'op.get_bind().execute(sa.text("UPDATE shelf SET label = NULL WHERE id = 1"))',
        'op.drop_table("user_sessions")',
    ],
)
def test_word_session_alone_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = "from sqlalchemy.orm import Session\nsession = Session(bind=op.get_bind())"
    finding = assert_flags(RULE, body, "sqlite:3.40")
    assert finding.message == (
        "r1 works through an ORM session: when its changes reach the database depends on when it flushes, and its "
        "commit ends the transaction of the revision, so that a later failure leaves half of the revision behind."
    )
    assert finding.instead == (
        "Send the statements yourself:\n\n"
        '    account = sa.table("account", sa.column("id"), sa.column("email"))\n'
        '    op.execute(account.update().where(account.c.email == "").values(email=None))'
    )
