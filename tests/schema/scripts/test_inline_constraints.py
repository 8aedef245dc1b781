"""Checks and foreign keys that are written with a column, and triggers that are dropped without their table."""

from __future__ import annotations

import pytest

from app.schema.core.server import Server
from app.schema.core.state import State
from app.schema.scripts.replay import replay_step
from tests.schema.lint.verbs import recorded, revision_source

SQLITE = Server.parse("sqlite:3.40")


def _state(body: str) -> State:
    state = State()
    for step in recorded(revision_source(body, "r0", None), "r0", SQLITE).operations:
        replay_step(state, step, "r0", "sqlite")
    return state


@pytest.mark.parametrize(
    ("column", "inline"),
    [
        ("size INTEGER REFERENCES other (id)", True),
        ("size INTEGER, FOREIGN KEY (size) REFERENCES other (id)", False),
    ],
)
def test_foreign_key_of_raw_sql_is_inline_where_it_is_written_with_its_column(
    column: str, inline: bool
) -> None:
    state = _state(f'op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, {column})")')
    assert [key.inline for key in state.tables["tag"].of_kind("foreign key")] == [inline]


def test_check_of_a_column_is_known() -> None:
    state = _state('op.create_table("tag", sa.Column("size", sa.Integer(), sa.CheckConstraint("size > 0")))')
    assert [(c.columns, c.expression, c.inline) for c in state.tables["tag"].of_kind("check")] == [
        (("size",), "size > 0", True)
    ]


def test_trigger_is_found_by_its_name_alone() -> None:
    table = 'op.execute("CREATE TABLE tag (id INTEGER)")'
    made = f'{table}\nop.execute("CREATE TRIGGER t AFTER INSERT ON tag BEGIN SELECT 1; END")'
    assert _state(made).tables["tag"].triggers == {"t"}
    state = _state(f'{made}\nop.execute("DROP TRIGGER t")')
    assert state.tables["tag"].triggers == set()
    assert set(state.tables) == {"tag"}
