from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations.ops import AlterColumnOp

from app.schema.core.server import Server
from app.schema.core.state import ColumnState
from app.schema.core.type_change import types_of, widens_whole_number
from app.schema.core.types import parse

POSTGRESQL = Server.parse("postgresql:15")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("integer", "bigint", True),
        ("smallint", "int8", True),
        ("bigint", "integer", False),
        ("integer", "integer", False),
        ("integer", "numeric", False),
        ("integer[]", "bigint[]", False),
    ],
)
def test_wider_whole_numbers_are_recognised(old: str, new: str, *, expected: bool) -> None:
    assert widens_whole_number(parse(old, POSTGRESQL), parse(new, POSTGRESQL)) is expected


def test_history_is_trusted_more_than_what_an_operation_says_of_itself() -> None:
    op = AlterColumnOp("t", "c", modify_type=sa.BigInteger(), existing_type=sa.Text())
    known = types_of(op, ColumnState("c", type=sa.Integer()), POSTGRESQL)
    alone = types_of(op, None, POSTGRESQL)
    assert [name.name for name in known if name] == ["integer", "bigint"]
    assert [name.name for name in alone if name] == ["text", "bigint"]
