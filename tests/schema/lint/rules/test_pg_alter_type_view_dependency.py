from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-alter-type-view-dependency"


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("visit", "page", type_=sa.Text(), existing_type=sa.String(40))',
        'op.execute("ALTER TABLE visit ALTER COLUMN page TYPE text")',
        'op.execute("CREATE VIEW v AS SELECT * FROM account")\nop.alter_column("account", "name", type_=sa.Text())',
        (
            "op.execute(\"CREATE VIEW v AS SELECT a.id FROM account a WHERE a.name > 'b'\")\n"
            'op.alter_column("account", "name", type_=sa.Text())'
        ),
        (
            'op.execute("CREATE TABLE t (a varchar(5), b text GENERATED ALWAYS AS (lower(a)) STORED)")\n'
            'op.alter_column("t", "a", type_=sa.Text())'
        ),
        (
            'op.execute("CREATE POLICY own ON account USING (name = current_user)")\n'
            'op.alter_column("account", "name", type_=sa.Text())'
        ),
    ],
)
def test_column_that_something_reads_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "name", type_=sa.Text())',
        'op.execute("DROP VIEW visit_page")\nop.alter_column("visit", "page", type_=sa.Text())',
        (
            'op.execute("CREATE VIEW v AS SELECT count(*) AS n FROM account")\n'
            'op.alter_column("account", "name", type_=sa.Text())'
        ),
        'op.execute("CREATE VIEW v AS SELECT id FROM account")\nop.alter_column("account", "name", type_=sa.Text())',
        'op.alter_column("visit", "page", nullable=True)',
    ],
)
def test_column_that_nothing_reads_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.alter_column("visit", "page", type_=sa.Text())', "postgresql:15")
    assert finding.message == (
        "The revision fails: PostgreSQL does not change the type of visit.page while view visit_page uses it."
    )
    assert finding.instead == (
        "Drop it first and make it again afterwards, in the same transaction:\n"
        "\n"
        '    op.execute("DROP VIEW visit_page")\n'
        "    op.alter_column('visit', 'page',\n"
        "               type_=sa.Text())\n"
        '    op.execute("CREATE VIEW visit_page AS SELECT day, page FROM visit")'
    )
