from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import ops

from app.schema.autogenerate.naming import message_for

NAME = sa.Column("name", sa.String(5))


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([], None),
        ([ops.CreateTableOp("note", [])], "create note"),
        ([ops.DropTableOp("note")], "drop note"),
        ([ops.ModifyTableOps("user", [ops.AddColumnOp("user", NAME)])], "add name to user"),
        ([ops.ModifyTableOps("user", [ops.DropColumnOp("user", "name")])], "drop name from user"),
        ([ops.AlterColumnOp("user", "name", modify_nullable=True)], "change name of user"),
        ([ops.CreateIndexOp("ix", "user", ["name"])], "change user"),
        ([ops.CreateIndexOp("ix", "user", ["a"]), ops.CreateIndexOp("iy", "user", ["b"])], "change user"),
        ([ops.ExecuteSQLOp("SELECT 1")], "change schema"),
        ([ops.CreateTableOp(name, []) for name in "ab"], "create a and create b"),
        ([ops.CreateTableOp(name, []) for name in "abcd"], "create a, create b and 2 more"),
    ],
)
def test_message_says_what_is_done(operations: list[ops.MigrateOperation], message: str | None) -> None:
    assert message_for(operations) == message
