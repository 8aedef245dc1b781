"""What holds on every engine."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, CreateForeignKeyOp, CreateIndexOp, DropColumnOp

from app.schema.core import ops
from app.schema.core.effect import Blocks
from app.schema.core.recorded import Batch, RecordedOp
from app.schema.core.server import Server
from app.schema.core.state import State, TableState
from app.schema.dialects.effects import effects_of

TARGETS = [Server.parse(name) for name in ("postgresql:15", "mariadb:10.11", "mysql:8.4", "sqlite:3.40")]
on_every_engine = pytest.mark.parametrize("server", TARGETS, ids=str)


class Unheard(ops.TableOp):
    """An operation that no catalogue has."""


@on_every_engine
def test_unknown_operation_on_a_table_is_taken_for_the_worst(server: Server) -> None:
    effect = effects_of(RecordedOp(Unheard("account")), State(), server)[0]

    assert effect.table == "account"
    assert effect.blocks >= Blocks.WRITES
    assert effect.evidence


@on_every_engine
def test_operation_that_names_no_table_has_no_effect_to_tell(server: Server) -> None:
    assert effects_of(RecordedOp(ops.OpaqueOp("it is computed")), State(), server) == ()


@on_every_engine
@pytest.mark.parametrize(("filled", "grows"), [(False, False), (True, True)])
def test_table_of_the_same_revision_has_no_users_until_it_has_rows(
    server: Server, filled: bool, grows: bool
) -> None:
    state = State({"account": TableState("account", created_in="abc", filled=filled)})
    step = RecordedOp(CreateIndexOp("i", "account", ["email"]))

    assert effects_of(step, state, server, "abc")[0].grows is grows
    assert effects_of(step, state, server, "def")[0].grows
    assert effects_of(step, state, server)[0].grows


@on_every_engine
def test_own_table_comes_first_and_each_table_once(server: Server) -> None:
    state = State({"child": TableState("child"), "parent": TableState("parent")})
    step = RecordedOp(CreateForeignKeyOp("f", "child", "parent", ["parent_id"], ["id"]))

    tables = [effect.table for effect in effects_of(step, state, server)]

    assert tables[0] == "child"
    assert len(set(tables)) == len(tables)


def test_batch_on_sqlite_copies_the_table() -> None:
    batch = Batch(1, "account", None, recreates=True)
    sqlite = Server.parse("sqlite")

    copied = effects_of(RecordedOp(DropColumnOp("account", "email"), batch=batch), State(), sqlite)[0]
    renamed = effects_of(RecordedOp(ops.TriggerOp("account", None, "t")), State(), sqlite)[0]

    assert (copied.rewrites, copied.lock) == (True, "write lock on the whole database")
    assert not renamed.grows


def test_function_that_is_not_known_is_taken_for_volatile() -> None:
    column = sa.Column("x", sa.Integer, server_default=sa.text("next_code()"))
    step = RecordedOp(AddColumnOp("t", column))

    effect = effects_of(step, State(), Server.parse("postgresql:15"))[0]

    assert effect.rewrites
    assert "not known" in effect.evidence
