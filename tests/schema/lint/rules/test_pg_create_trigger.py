from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-create-trigger"
CREATE = 'op.execute("CREATE TRIGGER stamp BEFORE UPDATE ON shelf FOR EACH ROW EXECUTE FUNCTION stamp()")'
TIMEOUT = "op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"


@pytest.mark.parametrize(
    "body",
    [
        CREATE,
        'op.execute("DROP TRIGGER stamp ON shelf")',
        'op.execute("ALTER TRIGGER stamp ON shelf RENAME TO mark")',
        'op.execute("ALTER TABLE shelf DISABLE TRIGGER ALL")',
        f'op.execute("SET LOCAL lock_timeout = DEFAULT")\n{CREATE}',
    ],
)
def test_trigger_of_a_table_in_use_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        TIMEOUT + CREATE,
        f'op.execute("CREATE TABLE t (id integer)")\n{CREATE.replace("shelf", "t")}',
        'op.execute("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")',
        'op.execute("ALTER TABLE shelf ENABLE ROW LEVEL SECURITY")',
    ],
)
def test_trigger_that_nobody_waits_for_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, CREATE, "postgresql:15")
    assert finding.message == (
        "Creating trigger stamp waits for every transaction that writes on shelf, and every write of shelf waits "
        "behind it, then until the revision commits."
    )
    assert finding.instead == (
        "Give up after a short while, and have nothing slow in the same revision:\n"
        "\n"
        "    op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
        f"    {CREATE}"
    )
