"""The page of lint rules, projected from the docstrings of the rules."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from app.schema.lint.catalogue import Entry, entries

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
_HEAD = """\
# Rules

What `flask db lint` looks for. Generated from the rules by `make docs`; `flask db lint --explain RULE` prints the same
for one rule. The examples run after a history that creates the tables `account`, `book`, `shelf`, on PostgreSQL the
partitioned `visit` and on SQLite `forum`, `topic` and `reply` (`tests/schema/lint/verbs.py`), and a test holds them to
what they show: the example raises exactly its rule, the code under *Instead* raises nothing.

"""


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD, "\n".join(_table()), "\n"]
    parts += ["\n".join(_section(entry)) for entry in sorted(entries(), key=_name)]
    return "".join(parts).rstrip() + "\n"


def _name(entry: Entry) -> str:
    return entry.module.replace("_", "-")


def _table() -> Iterator[str]:
    yield "| rule | severity | engines | mends itself | what happens |"
    yield "|---|---|---|---|---|"
    for entry in sorted(entries(), key=_name):
        engines = "all" if len(entry.rule.engines) == 4 else ", ".join(entry.rule.engines)
        fix = "yes" if entry.rule.fixable else ""
        summary = entry.documentation.summary.replace("|", "\\|")
        yield f"| [{_name(entry)}](#{_name(entry)}) | {entry.rule.severity} | {engines} | {fix} | {summary} |"
    yield ""


def _section(entry: Entry) -> Iterator[str]:
    yield ""
    yield f"## {_name(entry)}"
    yield ""
    yield entry.documentation.summary
    others = [rule_id for rule_id in entry.rule.ids if rule_id != _name(entry)]
    if entry.rule.aliases:
        yield f"Also known as `{'`, `'.join(entry.rule.aliases)}`."
    if others:
        yield f"Reported as `{'`, `'.join(others)}` where the engine has a name of its own for it."
    if not entry.rule.default:
        yield "Off unless asked for."
    for heading, text in entry.documentation.sections.items():
        yield ""
        yield f"**{heading}**"
        yield ""
        yield _markdown(text)
    yield ""


def _markdown(text: str) -> str:
    """Put the indented code blocks of a docstring into fences."""
    lines: list[str] = []
    code: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("    ") or (code and not line.strip()):
            code.append(line)
            continue
        lines += _fenced(code)
        code = []
        lines.append(line)
    return "\n".join([*lines, *_fenced(code)]).strip("\n")


def _fenced(code: list[str]) -> list[str]:
    if not any(line.strip() for line in code):
        return code
    return ["```python", textwrap.dedent("\n".join(code)).strip("\n"), "```", ""]
