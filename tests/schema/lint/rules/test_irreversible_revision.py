from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from app.schema.core.server import Server
from app.schema.core.state import State
from app.schema.dialects.effects import effects_of
from app.schema.lint.engine import Judge
from app.schema.scripts.renderer import renderer_for
from app.schema.scripts.replay import replay_step
from tests.schema.lint.verbs import assert_clean, assert_flags, recorded, revision_source

RULE = "irreversible-revision"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("nick", sa.String(50)))',
        'op.drop_table("shelf")',
        'op.execute("ALTER TABLE account ADD COLUMN nick varchar(50)")',
        'op.alter_column("account", "name", new_column_name="nick")\nop.execute("UPDATE account SET nick = NULL")',
        'with op.batch_alter_table("account") as batch:\n    batch.drop_column("name")',
    ],
)
def test_empty_downgrade_of_a_schema_change_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", downgrade="pass")


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ('op.add_column("account", sa.Column("nick", sa.String(50)))', Severity.INFO),
        ('op.create_table("tag", sa.Column("id", sa.BigInteger(), primary_key=True))', Severity.INFO),
        ('op.drop_table("shelf")', Severity.WARNING),
        ('op.alter_column("account", "name", new_column_name="nick")', Severity.WARNING),
    ],
)
def test_what_only_adds_is_told_as_information(body: str, severity: Severity) -> None:
    assert assert_flags(RULE, body, "postgresql:15", downgrade="pass").severity == severity


@pytest.mark.parametrize(
    ("body", "downgrade"),
    [
        ('op.drop_table("shelf")', 'raise NotImplementedError("the labels are gone")'),
        ('op.add_column("account", sa.Column("nick", sa.Text()))', 'op.drop_column("account", "nick")'),
        ("op.execute(\"UPDATE account SET name = 'x' WHERE id = 1\")", "pass"),
        ('op.bulk_insert(sa.table("shelf", sa.column("label")), [{"label": "a"}])', "pass"),
        ("op.execute(\"ALTER TYPE book_status ADD VALUE 'sold'\")", "pass"),
        ("pass", "pass"),
        ('op.execute("ALTER TABLE account ALTER age DROP DEFAULT, ALTER name DROP NOT NULL")', "pass"),
        (
            'op.execute("CREATE TEMP TABLE t AS SELECT id FROM account"); op.execute("CREATE INDEX ON t (id)")',
            "pass",
        ),
    ],
)
def test_way_back_or_nothing_to_undo_is_clean(body: str, downgrade: str) -> None:
    assert_clean(RULE, body, "postgresql:15", downgrade=downgrade)


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("nick", sa.Text()))\nop.create_index("ix_nick", "account", ["nick"])'
    finding = assert_flags(RULE, body, "sqlite:3.40", downgrade="pass")
    assert finding.message == (
        "`flask db downgrade` does nothing here and still records the older revision: the schema keeps what r1 did, "
        "and running it again fails."
    )
    assert finding.instead == (
        'Undo what upgrade() does, or end downgrade() with `raise NotImplementedError("not reversible: why")`:\n\n'
        "    def downgrade():\n"
        "        op.drop_index('ix_nick', table_name='account')\n"
        "        op.drop_column('account', 'nick')"
    )


def test_step_that_only_a_person_can_undo_gives_a_downgrade_that_refuses() -> None:
    finding = assert_flags(RULE, 'op.drop_table("shelf")', "postgresql:15", downgrade="pass")
    assert finding.instead is not None
    assert finding.instead.endswith(
        '    def downgrade():\n        raise NotImplementedError("not reversible: why")'
    )


def test_file_without_a_downgrade_is_clean() -> None:
    """Alembic then fails, and does not record a revision that it has not reached."""
    body = 'op.add_column("account", sa.Column("nick", sa.Text()))'
    source = revision_source(body, "r0", None).split("def downgrade")[0]
    server = Server.parse("postgresql:15")
    up, down = recorded(source, "r0", server), recorded(source, "r0", server, "downgrade")
    work = Judge(server, State(), replay_step, effects_of, renderer_for(server))
    assert RULE not in [finding.rule for finding in work.judge(up, down)]
