"""A revision file → its functions, loaded under no name that others could import."""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""Where statements hold others."""


@dataclass
class Module:
    """A loaded revision file.

    `stubbed` names the modules that it imports and that are not there, `failure` says why it could not be loaded,
    `bind` which database of several the functions are called for; `None` for all of them.
    """

    path: Path
    namespace: dict[str, Any] = field(default_factory=dict)
    stubbed: tuple[str, ...] = ()
    failure: str | None = None
    bind: str | None = None

    @cached_property
    def source(self) -> str:
        """The text of the file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def _tree(self) -> ast.AST:
        try:
            return ast.parse(self.source, str(self.path))
        except (SyntaxError, ValueError):
            return ast.Module([], [])

    @cached_property
    def spans(self) -> Mapping[int, tuple[int, int]]:
        """Each line → the first and last line of the innermost simple statement that it belongs to."""
        return _statement_spans(self._tree)

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The modules that the file imports, anywhere in it."""
        return _imports(self._tree)

    def functions(self, direction: str) -> list[Callable[..., Any]]:
        """Return what has to be called for one direction.

        A history of several binds has one function for each bind (`upgrade_engine1`); `upgrade(engine_name)` only
        dispatches to them.
        """
        main = self.namespace.get(direction)
        if main is None:
            return []
        parameters = _required_parameters(main)
        if parameters[:1] == ["engine_name"]:
            if self.bind is not None:
                self.namespace.setdefault(f"{direction}_{self.bind}", lambda: None)  # as `environment` does
                return [partial(main, self.bind)]
            return [
                f for name, f in self.namespace.items() if name.startswith(f"{direction}_") and callable(f)
            ]
        return [main]

    @property
    def allow(self) -> Mapping[str, str]:
        """The `allow` variable of the revision: findings that its author accepts."""
        value = self.namespace.get("allow")
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def load(path: Path, stands_for: Path | None = None) -> Module:
    """Run a revision file, with Python's own cache of compiled files. Imports that fail must be stubbed by the caller.

    Never raises for what the file holds: `failure` says what went wrong.

    :param stands_for: what the file is told to be, if it is another version of that one.
    """
    module = Module(path)
    name = f"_revision_{path.stem}"
    module.namespace.update(__name__=name, __file__=str(stands_for or path), __builtins__=__builtins__)
    try:
        # Never from the cache: that takes an edit of the same length within the same second for no edit.
        loader = SourceFileLoader(name, str(path))
        code: Any = loader.source_to_code(loader.get_data(str(path)), str(path))
        exec(code, module.namespace)  # noqa: S102  (a revision is a program)
    except (SyntaxError, ValueError) as error:
        module.failure = f"the file cannot be parsed: {error}"
    except (Exception, SystemExit) as error:  # noqa: BLE001  (whatever a foreign file raises, we report it)
        module.failure = f"the file fails when it is loaded: {type(error).__name__}: {error}"
    return module


def _required_parameters(function: Callable[..., Any]) -> list[str]:
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    names = code.co_varnames[: code.co_argcount]
    return list(names[: len(names) - len(function.__defaults__ or ())])


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield all statements, outer ones before those inside. Expressions, most of a file, are not looked into."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.stmt):
            yield node
        for block in _BLOCKS:
            waiting.extend(getattr(node, block, ()))


def _statement_spans(tree: ast.AST) -> dict[int, tuple[int, int]]:
    """Map lines to statements; inner statements overwrite the outer ones that contain them."""
    spans: dict[int, tuple[int, int]] = {}
    for node in _statements(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        end = node.body[0].lineno - 1 if hasattr(node, "body") else node.end_lineno
        spans.update(
            dict.fromkeys(range(node.lineno, (end or node.lineno) + 1), (node.lineno, end or node.lineno))
        )
    return spans


def _imports(tree: ast.AST) -> tuple[str, ...]:
    names: list[str] = []
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return tuple(dict.fromkeys(names))
