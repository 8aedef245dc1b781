from __future__ import annotations

import pytest

from app.schema.core.charsets import charset_of, key_limit, max_bytes
from app.schema.core.server import Server
from app.schema.core.state import TableState
from app.schema.core.types import parse

MARIADB = Server.parse("mariadb:10.11")


@pytest.mark.parametrize(
    ("type_", "options", "size"),
    [
        ("varchar(50)", {}, 200),
        ("varchar(50)", {"mysql_charset": "latin1"}, 50),
        ("varchar(50)", {"mysql_charset": "latin1", "convert charset": "utf8mb4 utf8mb4_bin"}, 200),
        ("varchar(50) character set utf8mb3", {}, 150),
        ("varbinary(50)", {}, 50),
        ("text", {}, None),
        ("integer", {}, None),
    ],
)
def test_bytes_that_a_value_can_take(type_: str, options: dict[str, str], size: int | None) -> None:
    name = parse(type_, MARIADB)
    assert name is not None
    assert max_bytes(name, TableState("t", options=options)) == size


def test_table_that_says_nothing_has_no_known_charset() -> None:
    assert charset_of(TableState("t")) is None
    assert charset_of(None) is None


def test_old_row_formats_hold_shorter_keys() -> None:
    assert key_limit(TableState("t", options={"row format": "COMPACT"})) == 767
    assert key_limit(TableState("t")) == 3072
