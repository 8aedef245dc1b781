from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-domain-check"
ADD = "op.execute(\"ALTER DOMAIN postcode ADD CONSTRAINT ck CHECK (VALUE <> '')\")"


@pytest.mark.parametrize(
    "body",
    [
        ADD,
        'op.execute("ALTER DOMAIN postcode SET NOT NULL")',
        'op.execute("ALTER DOMAIN postcode VALIDATE CONSTRAINT ck")',
        "op.execute(\"ALTER DOMAIN email ADD CHECK (VALUE ~ '@')\")",
    ],
)
def test_stricter_domain_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        "op.execute(\"ALTER DOMAIN postcode ADD CONSTRAINT ck CHECK (VALUE <> '') NOT VALID\")",
        'op.execute("ALTER DOMAIN postcode DROP NOT NULL")',
        "op.execute(\"ALTER DOMAIN postcode SET DEFAULT '0'\")",
        'op.execute("CREATE DOMAIN email AS text")\nop.execute("ALTER DOMAIN email ADD CHECK (VALUE ~ \'@\')")',
        (
            'op.execute("CREATE DOMAIN email AS text")\nop.execute("CREATE TABLE t (e email)")\n'
            'op.execute("ALTER DOMAIN email SET NOT NULL")'
        ),
        "op.execute(\"CREATE DOMAIN email AS text CHECK (VALUE ~ '@')\")",
    ],
)
def test_domain_that_tests_no_rows_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, ADD, "postgresql:15")
    assert finding.message == (
        "Adding a CHECK to domain postcode reads all of visit and visit_2025; nobody can insert, update or delete rows "
        "there until it is done."
    )
    assert finding.instead == (
        "Give each table a CHECK of its own, NOT VALID first, and validate it in the next revision:\n"
        "\n"
        '    op.execute("ALTER TABLE visit ADD CONSTRAINT ck_visit_origin CHECK (origin …) NOT VALID")\n'
        '    op.execute("ALTER TABLE visit_2025 ADD CONSTRAINT ck_visit_2025_origin CHECK (origin …) NOT VALID")\n'
        "    # revision 2, after r1\n"
        '    op.execute("ALTER TABLE visit VALIDATE CONSTRAINT ck_visit_origin")\n'
        '    op.execute("ALTER TABLE visit_2025 VALIDATE CONSTRAINT ck_visit_2025_origin")'
    )
    assert finding.lock == "SHARE"
