"""Fixes that stand in a batch block: how they are written, and where they are put."""

from __future__ import annotations

import pytest
from alembic.operations.ops import CreateForeignKeyOp, DropColumnOp, MigrateOperation

from app.schema.core.finding import FixStep
from app.schema.core.server import Server
from app.schema.scripts.renderer import renderer_for
from app.schema.scripts.rewriter import Replacement, rewrite

RENDER = renderer_for(Server.parse("sqlite:3.40"))


@pytest.mark.parametrize(
    ("op", "text"),
    [
        (
            DropColumnOp("tag", "size"),
            "with op.batch_alter_table('tag') as batch_op:\n    batch_op.drop_column('size')",
        ),
        (
            DropColumnOp("tag", "size", schema="aux"),
            "with op.batch_alter_table('tag', schema='aux') as batch_op:\n    batch_op.drop_column('size')",
        ),
        (
            CreateForeignKeyOp("f", "tag", "b", ["a"], ["id"]),
            "with op.batch_alter_table('tag') as batch_op:\n    batch_op.create_foreign_key('f', 'b', ['a'], ['id'])",
        ),
    ],
)
def test_batch_block_holds_the_operation(op: MigrateOperation, text: str) -> None:
    assert RENDER((FixStep((op,), batch=True),)) == text


def test_batch_block_stays_whole_inside_an_autocommit_block() -> None:
    before = "with op.get_context().autocommit_block():\n    op.drop_column('tag', 'size')\n"
    code = RENDER((FixStep((DropColumnOp("tag", "size"),), batch=True),))
    assert rewrite(before, Replacement(2, code)).endswith(
        "autocommit_block():\n"
        "    with op.batch_alter_table('tag') as batch_op:\n"
        "        batch_op.drop_column('size')\n"
    )
