"""What ALGORITHM and LOCK clauses in the statement itself change."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp, CreateIndexOp, MigrateOperation

from app.schema.core.effect import Blocks, Effect
from app.schema.core.recorded import RecordedOp
from app.schema.core.server import Server
from app.schema.core.state import State
from app.schema.dialects.effects import effects_of

ADD = AddColumnOp("t", sa.Column("x", sa.Integer))
INDEX = CreateIndexOp("i", "t", ["a"])
RETYPE = AlterColumnOp("t", "a", existing_type=sa.Integer(), modify_type=sa.BigInteger())


def effect(op: MigrateOperation, target: str, **clauses: str) -> Effect:
    return effects_of(RecordedOp(op, clauses=clauses, source="sql"), State(), Server.parse(target))[0]


@pytest.mark.parametrize(
    ("op", "target", "clauses", "expected"),
    [
        (ADD, "mysql:8.4", {"algorithm": "INSTANT"}, ("INSTANT", Blocks.SCHEMA_CHANGES, False)),
        (ADD, "mysql:8.4", {"algorithm": "INPLACE"}, ("INPLACE", Blocks.SCHEMA_CHANGES, True)),
        (ADD, "mariadb:10.11", {"algorithm": "INPLACE"}, ("INSTANT", Blocks.SCHEMA_CHANGES, False)),
        (ADD, "mariadb:10.11", {"algorithm": "COPY"}, ("COPY", Blocks.WRITES, True)),
        (ADD, "mariadb:11.8", {"algorithm": "COPY"}, ("COPY", Blocks.SCHEMA_CHANGES, True)),
        (INDEX, "mysql:8.4", {"lock": "SHARED"}, ("INPLACE", Blocks.WRITES, False)),
        (INDEX, "mariadb:10.11", {"lock": "EXCLUSIVE"}, ("NOCOPY", Blocks.READS_AND_WRITES, False)),
        (RETYPE, "mysql:8.4", {"algorithm": "COPY", "lock": "SHARED"}, ("COPY", Blocks.WRITES, True)),
    ],
)
def test_clause_is_taken_by_its_word(
    op: MigrateOperation, target: str, clauses: dict[str, str], expected: tuple[Any, ...]
) -> None:
    found = effect(op, target, **clauses)

    assert (found.algorithm, found.blocks, found.rewrites) == expected


@pytest.mark.parametrize("clauses", [{"algorithm": "INSTANT"}, {"algorithm": "INPLACE"}, {"lock": "NONE"}])
def test_clause_that_cannot_be_kept_makes_the_statement_fail_at_once(clauses: dict[str, str]) -> None:
    found = effect(RETYPE, "mariadb:10.11", **clauses)

    assert (found.blocks, found.grows) == (Blocks.NOBODY, False)
    assert found.evidence.startswith("refused: ")
