from __future__ import annotations

import pytest

from app.schema.core.server import Server
from app.schema.core.variables import foreign_keys_unchecked, value_of
from tests.schema.lint.verbs import recorded, revision_source

MARIADB = Server.parse("mariadb:10.11")


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("", None),
        ('op.execute("SET lock_wait_timeout = 5")', "5"),
        ('op.execute("SET LOCAL lock_wait_timeout = 5")', "5"),
        ('op.execute("SET @@session.lock_wait_timeout = 5")', "5"),
        ('op.execute("SET lock_wait_timeout = 5")\nop.execute("SET lock_wait_timeout = DEFAULT")', None),
        ('op.execute("SET GLOBAL lock_wait_timeout = 5")', None),
        ('op.execute("SET STATEMENT lock_wait_timeout = 5 FOR SELECT 1")', None),
    ],
)
def test_value_of_a_variable(before: str, value: str | None) -> None:
    source = revision_source(f'{before}\nop.execute("DROP TABLE a")', "r1", None)
    *earlier, step = recorded(source, "r1", MARIADB).operations
    assert value_of("lock_wait_timeout", step, earlier) == value


@pytest.mark.parametrize(
    ("value", "off"), [("0", True), ("OFF", True), ("'off'", True), ("1", False), ("ON", False)]
)
def test_foreign_keys_are_unchecked_while_the_variable_is_off(value: str, off: bool) -> None:
    body = f'op.execute("SET foreign_key_checks = {value}")\nop.execute("DROP TABLE a")'
    *earlier, step = recorded(revision_source(body, "r1", None), "r1", MARIADB).operations
    assert foreign_keys_unchecked(step, earlier) is off
