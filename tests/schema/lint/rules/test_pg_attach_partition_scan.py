from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-attach-partition-scan"
BOUNDS = "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
ATTACH = f'op.execute("ALTER TABLE visit ATTACH PARTITION old {BOUNDS}")'
OLD = HISTORY + 'op.execute("CREATE TABLE old (id integer NOT NULL, day date NOT NULL, page varchar(40))")\n'
CHECK = "CHECK (day >= '2026-01-01' AND day < '2027-01-01')"
DEFAULT = 'op.execute("CREATE TABLE visit_rest PARTITION OF visit DEFAULT")\n'


@pytest.mark.parametrize(
    "before",
    [
        OLD,
        HISTORY,
        f'{OLD}op.execute("ALTER TABLE old ADD CONSTRAINT ck {CHECK} NOT VALID")',
        f"{OLD}op.execute(\"ALTER TABLE old ADD CONSTRAINT ck CHECK (day >= '2020-01-01')\")",
        (
            f'{OLD}op.execute("ALTER TABLE old ADD CONSTRAINT ck {CHECK}")\n'
            'op.execute("ALTER TABLE old ALTER COLUMN day DROP NOT NULL")'
        ),
        f'{OLD}{DEFAULT}op.execute("ALTER TABLE old ADD CONSTRAINT ck {CHECK}")',
    ],
)
def test_table_that_has_to_be_read_is_flagged(before: str) -> None:
    assert_flags(RULE, ATTACH, "postgresql:15", before=before)


@pytest.mark.parametrize(
    ("before", "body"),
    [
        (f'{OLD}op.execute("ALTER TABLE old ADD CONSTRAINT ck {CHECK}")', ATTACH),
        (
            f'{OLD}op.execute("ALTER TABLE old ADD CONSTRAINT ck {CHECK} NOT VALID")',
            f'op.execute("ALTER TABLE old VALIDATE CONSTRAINT ck")\n{ATTACH}',
        ),
        (HISTORY, f'op.execute("CREATE TABLE old (LIKE visit)")\n{ATTACH}'),
        (
            (
                f'{OLD}op.execute("ALTER TABLE old ALTER COLUMN day DROP NOT NULL")\n'
                f'op.execute("ALTER TABLE old ADD CONSTRAINT ck {CHECK}")\n'
                'op.execute("ALTER TABLE old ADD CONSTRAINT nn CHECK (day IS NOT NULL)")'
            ),
            ATTACH,
        ),
        (OLD, 'op.execute("ALTER TABLE visit DETACH PARTITION visit_2025 CONCURRENTLY")'),
    ],
)
def test_table_that_proves_its_bounds_is_clean(before: str, body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", before=before)


def test_old_table_under_a_new_parent_is_flagged() -> None:
    parent = 'op.execute("CREATE TABLE log (id integer, day date) PARTITION BY RANGE (day)")\n'
    body = f'{parent}op.execute("ALTER TABLE log ATTACH PARTITION old {BOUNDS}")'
    assert_flags(RULE, body, "postgresql:15", before=OLD)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, ATTACH, "postgresql:15", before=OLD + DEFAULT)
    assert finding.message == (
        "Attaching old to visit reads every row of old and visit_rest; nobody can read or write them until that is "
        "done."
    )
    assert finding.instead == (
        "Let a CHECK on old prove it before, NOT VALID first and validated in a revision of its own:\n"
        "\n"
        "    op.execute(\"ALTER TABLE old ADD CONSTRAINT ck_old_bounds CHECK (… as in FROM ('2026-01-01') TO "
        "('2027-01-01'), and IS NOT NULL …) NOT VALID\")\n"
        "    # revision 2, after r1\n"
        '    op.execute("ALTER TABLE old VALIDATE CONSTRAINT ck_old_bounds")\n'
        "    # revision 3\n"
        f"    {ATTACH}"
    )
    assert finding.lock == "ACCESS EXCLUSIVE"
