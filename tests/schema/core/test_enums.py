from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp, MigrateOperation

from app.schema.core.enums import uses_value, values_of
from app.schema.core.named_type import NamedType
from app.schema.core.ops import DmlOp
from app.schema.core.recorded import RecordedOp
from app.schema.core.state import ColumnState, State, TableState, TypeState

MOOD = sa.Enum("calm", name="mood")


def test_values_come_from_the_type_or_from_the_history() -> None:
    types = {"shop.mood": TypeState("mood", "enum", ("calm", "wild"))}
    assert values_of(MOOD, types) == ("calm",)
    assert values_of(NamedType("mood", "shop"), types) == ("calm", "wild")
    assert values_of(NamedType("mood"), types) == ()
    assert values_of(sa.Text(), types) == ()


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        (DmlOp("t", sql="UPDATE t SET m = 'wild'"), True),
        (DmlOp("t", sql="UPDATE t SET m = 'very wild'"), False),
        (DmlOp("u", sql="UPDATE u SET text = 'wild'"), False),
        (AlterColumnOp("t", "m", modify_server_default="wild"), True),
        (AlterColumnOp("t", "m", modify_server_default=None), False),
        (AddColumnOp("u", sa.Column("m", sa.Enum("wild", name="mood"), server_default="wild")), True),
        (AddColumnOp("u", sa.Column("m", sa.Text(), server_default="wild")), False),
    ],
)
def test_value_is_used_where_text_becomes_the_value(op: MigrateOperation, *, expected: bool) -> None:
    state = State(
        tables={"t": TableState("t", columns={"m": ColumnState("m", type=MOOD)}), "u": TableState("u")}
    )
    assert uses_value(RecordedOp(op), "mood", "wild", state) is expected
