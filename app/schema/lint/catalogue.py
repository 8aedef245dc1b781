"""The rules: every module in `lint/rules`, found by being there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import textwrap
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from .rule import Rule

HEADINGS = ("What it flags", "Why it hurts", "Example", "Instead", "When it is fine", "References")


@dataclass(frozen=True)
class Entry:
    """A rule with its check function and its documentation."""

    rule: Rule
    check: Callable[..., Any]
    docstring: str
    module: str

    @cached_property
    def documentation(self) -> Documentation:
        """The docstring by its headings. An upgrade asks all rules and shows the documentation of none."""
        return Documentation.of(self.docstring)


@dataclass(frozen=True)
class Documentation:
    """The docstring of a rule: its first sentence and the text under each heading."""

    summary: str
    sections: Mapping[str, str]

    @classmethod
    def of(cls, docstring: str) -> Documentation:
        """Read the docstring of a rule module."""
        lines = inspect.cleandoc(docstring).splitlines()
        starts = [number for number, line in enumerate(lines) if line in HEADINGS]
        ends = [*starts[1:], len(lines)]
        sections = {
            lines[start]: textwrap.dedent("\n".join(lines[start + 1 : end])).strip("\n")
            for start, end in zip(starts, ends, strict=True)
        }
        summary = " ".join(line.strip() for line in lines[: starts[0] if starts else None] if line.strip())
        return cls(summary, sections)

    def code(self, heading: str) -> list[tuple[str | None, str]]:
        """Return the code blocks under a heading, each with the server that a line `On <server>:` above it names."""
        blocks: list[tuple[str | None, str]] = []
        server: str | None = None
        current: list[str] = []
        for line in [*self.sections.get(heading, "").splitlines(), "."]:
            if line.startswith("    ") or (current and not line.strip()):
                current.append(line)
                continue
            if any(part.strip() for part in current):
                blocks.append((server, textwrap.dedent("\n".join(current)).strip("\n")))
                current = []
            if line.startswith("On ") and line.rstrip().endswith(":"):
                server = line.removeprefix("On ").rstrip(": ").split()[0].rstrip(":,")
        return blocks


@cache
def entries() -> tuple[Entry, ...]:
    """Return all rules, sorted by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return tuple(_entry(importlib.import_module(f"{rules.__name__}.{name}")) for name in names)


def _entry(module: ModuleType) -> Entry:
    return Entry(module.RULE, module.check, module.__doc__ or "", module.__name__.rpartition(".")[2])


@cache
def by_id() -> Mapping[str, Entry]:
    """Return the rules by id and alias; a rule with one id for each engine is there under each."""
    return {name: entry for entry in entries() for name in (*entry.rule.ids, *entry.rule.aliases)}
