"""The documentation of the rules, as text for a terminal."""

from __future__ import annotations

from difflib import get_close_matches

from ..core.errors import UsageProblem
from ..lint.catalogue import by_id, entries


def explain_rule(rule_id: str) -> str:
    """Return the documentation of a rule.

    :raise UsageProblem: there is no such rule; the nearest ones are named.
    """
    entry = by_id().get(rule_id)
    if entry is None:
        near = get_close_matches(rule_id, by_id(), n=3)
        raise UsageProblem(
            f"There is no rule '{rule_id}'.",
            expected=f"Did you mean {' or '.join(near)}?" if near else None,
            hint="Type `flask db lint --list-rules` to see all.",
        )
    engines = ", ".join(entry.rule.engines)
    head = f"{', '.join(entry.rule.ids)} ({entry.rule.severity}; {engines})\n\n{entry.documentation.summary}"
    parts = [f"{heading}\n{_indented(text)}" for heading, text in entry.documentation.sections.items()]
    return "\n\n".join([head, *parts])


def list_rules() -> str:
    """Return one line for each rule id: the id, its severity, whether it can be mended, and what it is about."""
    rows = [
        (rule_id, str(entry.rule.severity), "fix" if entry.rule.fixable else "", entry.documentation.summary)
        for entry in entries()
        for rule_id in entry.rule.ids
    ]
    width = max((len(row[0]) for row in rows), default=0)
    return "\n".join(
        f"{name:<{width}}  {level:<7}  {fix:<3}  {text}" for name, level, fix, text in sorted(rows)
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
