from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "raw-sql-unanalyzable"


@pytest.mark.parametrize(
    "body",
    [
        "op.execute(\"DO $$ BEGIN EXECUTE 'ALTER TABLE account DROP COLUMN name'; END $$\")",
        'op.execute("FROBNICATE TABLE account")',
        'op.create_hypertable("account")',
        "import geoalchemy2\nop.add_column('account', sa.Column('place', geoalchemy2.Geometry()))",
        'raise RuntimeError("not today")',
        "import alembic_timescale\nop.create_hypertable('account')",
    ],
)
def test_what_cannot_be_understood_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("SELECT 1")',
        "op.execute(\"COMMENT ON TABLE account IS 'people'\")",
        'op.execute("GRANT SELECT ON account TO PUBLIC")',
        'op.execute("ALTER TABLE account ADD COLUMN nick varchar(50)")',
        'op.get_bind().execute(sa.text("SELECT max(id) FROM account")).scalar() + 1',
        "from models import User\nop.drop_column(User.nothing.here, 1 + User)",
    ],
)
def test_what_is_understood_or_reported_elsewhere_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.create_hypertable("account")', "postgresql:15")
    assert finding.message == (
        "What happens here cannot be judged, because op.create_hypertable is an operation that is not installed here. "
        "Nobody has checked which rows it changes, which tables it locks and for how long: it is not taken for safe."
    )
    assert finding.instead == (
        "Write it with `op.…` or as one plain SQL statement that can be read. If you have checked it, allow it and say "
        "in the reason what it does."
    )


def test_same_problem_is_reported_once_in_a_revision() -> None:
    assert_flags(RULE, 'op.create_entity("a")\nop.create_entity("b")', "postgresql:15", times=1)
