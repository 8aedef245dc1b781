from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-exclusion"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE account ADD CONSTRAINT one EXCLUDE USING gist (name WITH =)")',
        'op.execute("ALTER TABLE account ADD EXCLUDE (name WITH =)")',
        'op.create_exclude_constraint("one", "account", (sa.column("name"), "="), using="gist")',
        'op.get_bind().execute(sa.text("ALTER TABLE account ADD CONSTRAINT one EXCLUDE USING gist (name WITH =)"))',
    ],
)
def test_exclusion_of_rows_that_are_there_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE TABLE slot (during tsrange, EXCLUDE USING gist (during WITH &&))")',
        """
        op.execute("CREATE TABLE slot (id int)")
        op.execute("ALTER TABLE slot ADD EXCLUDE (id WITH =)")
        """,
        'op.create_unique_constraint("uq", "account", ["name"])',
        'op.drop_constraint("one", "account")',
    ],
)
def test_other_constraint_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.create_exclude_constraint("one", "account", (sa.column("name"), "="), using="gist")'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Adding one blocks every read and write of account until its index is built, and fails if two rows exclude "
        "each other."
    )
    assert finding.instead == (
        "PostgreSQL has no other way. Do it while account may stand still, or create a new table with the constraint, "
        "copy the rows in batches and swap the names."
    )
