from __future__ import annotations

from dataclasses import replace

import pytest

from app.schema.core.server import Server
from app.schema.core.state import State
from app.schema.dialects.effects import effects_of
from app.schema.lint.catalogue import by_id
from app.schema.lint.engine import Judge
from app.schema.scripts.renderer import renderer_for
from app.schema.scripts.replay import replay_step
from tests.schema.lint.verbs import assert_clean, assert_flags, recorded, revision_source

SERVER = Server.parse("postgresql:15")


def failing(*_: object) -> None:
    raise ZeroDivisionError("of ours")


def judge(*, tolerant: bool) -> list[str]:
    broken = replace(by_id()["drop-column"], check=failing)
    rules = (broken, by_id()["pg-create-index-blocking"])
    work = Judge(
        SERVER, State(), replay_step, effects_of, renderer_for(SERVER), rules=rules, tolerant=tolerant
    )
    body = 'op.drop_column("a", "b")\nop.create_index("i", "a", ["c"])'
    return [
        f"{f.rule}: {f.message}"
        for f in work.judge(recorded(revision_source(body, "r1", None), "r1", SERVER))
    ]


def test_rule_that_fails_is_a_finding_and_the_others_speak() -> None:
    first, second = judge(tolerant=True)
    assert first.startswith(
        "drop-column: This rule could not judge the operation (ZeroDivisionError: of ours)"
    )
    assert second.startswith("pg-create-index-blocking: ")


def test_rule_that_fails_ends_its_own_tests() -> None:
    with pytest.raises(ZeroDivisionError):
        judge(tolerant=False)


@pytest.mark.parametrize(
    ("alias", "body"),
    [
        ("pg-add-column-required", 'op.add_column("account", sa.Column("x", sa.Integer(), nullable=False))'),
        ("pg-drop-constraint-guarding", 'op.drop_constraint("ck_book_pages", "book")'),
        ("pg-nested-transaction", 'op.execute("COMMIT")'),
    ],
)
def test_other_name_of_a_hazard_is_understood_in_allow(alias: str, body: str) -> None:
    rule = by_id()[alias].rule.ids[0]
    assert_flags(rule, body, "postgresql:15")
    assert_clean(rule, f'allow = {{"{alias}": "tried on a copy"}}\n{body}', "postgresql:15")
