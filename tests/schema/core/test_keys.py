from __future__ import annotations

import pytest

from app.schema.core.keys import alike, keeps_unique, unique_keys
from app.schema.core.server import Server
from app.schema.core.state import ConstraintState, IndexState, TableState
from app.schema.core.types import parse

TABLE = TableState(
    "account",
    constraints=[ConstraintState("primary key", None, ("id",)), ConstraintState("check", "ck", ("id",))],
    indexes={
        "uq": IndexState("uq", ("email", "site"), unique=True),
        "ix": IndexState("ix", ("name",)),
        "part": IndexState("part", ("code",), unique=True, where="active"),
        "expr": IndexState("expr", ("lower(name)",), unique=True, has_expressions=True),
    },
)


def test_unique_keys_are_those_that_cover_every_row() -> None:
    assert [key.columns for key in unique_keys(TABLE)] == [("id",), ("email", "site")]
    assert list(unique_keys(None)) == []


@pytest.mark.parametrize(
    ("columns", "kept"), [(("site", "email"), True), (("email", "site", "x"), True), (("email",), False)]
)
def test_columns_are_unique_if_a_key_lies_within_them(columns: tuple[str, ...], kept: bool) -> None:
    assert keeps_unique(unique_keys(TABLE), columns) is kept


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("varchar(50)", "text", True),
        ("integer", "bigint", True),
        ("timestamp", "timestamptz", True),
        ("boolean", "text", False),
        ("text", "text[]", False),
        ("uuid", "uuid", True),
    ],
)
def test_types_that_can_take_each_others_place(old: str, new: str, expected: bool) -> None:
    server = Server.parse("postgresql:15")
    assert alike(parse(old, server), parse(new, server)) is expected
    assert alike(None, parse(new, server))
