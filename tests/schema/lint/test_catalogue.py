"""Laws that hold for every rule, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.schema.core.facts import Facts, Violation
from app.schema.core.server import ENGINES, Server
from app.schema.lint.catalogue import HEADINGS, Entry, entries
from tests.schema.lint.verbs import judge

HERE = Path(__file__).parent
RULES = [pytest.param(entry, id=entry.module) for entry in entries()]


def _server(entry: Entry, named: str | None) -> str:
    return named or f"{entry.rule.engines[0]}:{'.'.join(map(str, ENGINES[entry.rule.engines[0]][1]))}"


def _models(entry: Entry) -> dict[str, frozenset[str]] | None:
    """Return the models that the example names: "Where the models map `account.bio`"."""
    named = re.search(r"the models map `(\w+)\.(\w+)`", entry.documentation.sections["Example"])
    return {named[1]: frozenset({named[2]})} if named else None


def _facts(entry: Entry) -> Facts | None:
    """Return what the example says of the live database: "has 3 NULLs in `book.title`", "has 3 orphans in …"."""
    said = re.search(
        r"database has (\d+) (NULLs|orphans) in `(\w+)\.(\w+)`(?: of `(\w+)`)?",
        entry.documentation.sections["Example"],
    )
    if said is None:
        return None
    count, what, table, column, parent = said.groups()
    found = Violation(table, (column,), int(count))
    server = Server.parse(_server(entry, None))
    if what == "NULLs":
        return Facts(server, nulls={(table, column): found})
    return Facts(server, orphans={(table, (column,), parent): found})


@pytest.mark.parametrize("entry", RULES)
def test_rule_is_named_after_its_file_and_has_a_test(entry: Entry) -> None:
    assert entry.module in {rule_id.replace("-", "_") for rule_id in entry.rule.ids}
    assert (HERE / "rules" / f"test_{entry.module}.py").is_file()


@pytest.mark.parametrize("entry", RULES)
def test_documentation_has_all_headings_in_order(entry: Entry) -> None:
    assert entry.documentation.summary.endswith(".")
    assert "\n" not in entry.documentation.summary
    assert tuple(entry.documentation.sections) == HEADINGS
    assert all(entry.documentation.sections.values())


@pytest.mark.parametrize("entry", RULES)
def test_example_raises_exactly_this_rule(entry: Entry) -> None:
    if entry.rule.scope == "history":
        return
    blocks = entry.documentation.code("Example")
    assert blocks, "the section Example holds no code"
    for server, code in blocks:
        target = _server(entry, server)
        judged = judge(code, target, ask=entry.rule.ids[0], facts=_facts(entry), models=_models(entry))
        found = {finding.rule for finding in judged if finding.allowed is None}
        assert len(found) == 1, (target, found)
        assert found <= set(entry.rule.ids), (target, found)


@pytest.mark.parametrize("entry", RULES)
def test_instead_raises_nothing(entry: Entry) -> None:
    if entry.rule.scope == "history":
        return
    example_server = next((server for server, _ in entry.documentation.code("Example")), None)
    blocks = entry.documentation.code("Instead")
    if not blocks:
        return
    target = _server(entry, blocks[0][0] or example_server)
    found = [
        finding.message for finding in judge([code for _, code in blocks], target) if finding.allowed is None
    ]
    assert not found, (target, found)


def test_no_id_is_used_twice() -> None:
    ids = [rule_id for entry in entries() for rule_id in entry.rule.ids]
    assert len(ids) == len(set(ids))
