"""Who may import whom: the table, and the checks that hold the code to it.

Code is read as syntax trees and never imported, so that the checks also work on trees that are broken.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

MODULE_LINES = 300
FUNCTION_LINES = 60

# What is a connection, or opens one.
CONNECTIONS = (
    "sqlalchemy.create_engine",
    "sqlalchemy.Engine",
    "sqlalchemy.Connection",
    "sqlalchemy.engine.create_engine",
    "sqlalchemy.engine.Engine",
    "sqlalchemy.engine.Connection",
)
REQUEST = ("flask.request", "flask.session", "flask.g")
FLASK = ("flask", "flask_migrate", "flask_sqlalchemy")
ORM = ("sqlalchemy.orm", "flask_sqlalchemy")


@dataclass(frozen=True)
class Room:
    """One row of the table.

    :param name: module or package; a module belongs to the room with the longest name that fits.
    :param may: local modules and packages it may import, besides itself. "*" is everything.
    :param never: libraries, their parts, and `os.environ`, that it must not touch.
    :param alone: its modules do not import each other either.
    """

    name: str
    may: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    alone: bool = False


def _schema(*rooms: str) -> tuple[str, ...]:
    return tuple(f"app.schema.{room}" for room in rooms)


BELOW_WORKFLOWS = _schema(
    "core", "scripts", "dialects", "operations", "autogenerate", "lint", "ledger", "doctor", "runner"
)

TABLE = (
    # The application.
    Room("main", may=("*",)),
    Room("config"),
    Room("extensions", may=("app.schema",)),
    Room("models", may=("extensions",)),
    Room("app", may=("app", "app.schema", "extensions", "models"), never=("alembic",)),
    Room(
        "app.console",
        may=("app", "extensions", "models", *_schema("workflows", "report", "core")),
        never=("sqlalchemy", "alembic"),
    ),
    # The schema engine, from the nouns up.
    Room(
        "app.schema.core",
        never=(*FLASK, "click", "alembic.runtime", "alembic.command", *CONNECTIONS, "os.environ"),
    ),
    Room("app.schema.scripts", may=_schema("core"), never=FLASK),
    Room("app.schema.dialects", may=_schema("core"), never=FLASK),
    Room("app.schema.operations", may=_schema("core"), never=FLASK),
    Room("app.schema.autogenerate", may=_schema("core", "operations"), never=FLASK),
    Room(
        "app.schema.lint", may=_schema("core", "lint.rules"), never=(*FLASK, "alembic.runtime", *CONNECTIONS)
    ),
    Room(
        "app.schema.lint.rules",
        may=_schema("core", "lint.rule"),
        never=(*FLASK, "alembic.runtime", *CONNECTIONS),
        alone=True,
    ),
    Room("app.schema.ledger", may=_schema("core"), never=(*FLASK, "alembic", *ORM)),
    Room("app.schema.doctor", may=_schema("core"), never=(*FLASK, *CONNECTIONS)),
    Room("app.schema.report", may=_schema("core"), never=("click", *REQUEST)),
    Room("app.schema.runner", may=_schema("core", "dialects", "ledger", "scripts"), never=FLASK),
    Room("app.schema.workflows", may=BELOW_WORKFLOWS, never=("click", *REQUEST)),
    Room("app.schema.environment", may=(*BELOW_WORKFLOWS, *_schema("workflows")), never=("click", *REQUEST)),
    Room("app.schema.cli", may=_schema("workflows", "report", "core"), never=("sqlalchemy",)),
    # `Migrate` and the Python API: what an application sees of the engine.
    Room("app.schema.extension", may=_schema("environment", "workflows", "cli", "core")),
    Room("app.schema.__main__", may=_schema("cli")),
    Room("app.schema.api", may=_schema("extension", "workflows", "core")),
    Room("app.schema", may=_schema("api", "extension", "core")),
    # What `flask db init` copies into a project; it runs there and not here.
    Room("app.schema.templates"),
    # The history.
    Room("migrations.env"),
    Room("migrations.versions", never=(*FLASK, *ORM), alone=True),
)


@dataclass
class Import:
    """One imported name: `module` is absolute, `name` is None for `import module`."""

    module: str
    name: str | None
    line: int
    in_function: bool
    for_types: bool
    relative: bool = False

    @property
    def full(self) -> str:
        """The dotted name of what is imported."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass
class Module:
    """One source file."""

    name: str
    path: Path
    source: str
    tree: ast.Module = field(init=False)
    imports: list[Import] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.source)
        self.imports = list(_imports(self))

    @property
    def package(self) -> str:
        """The package against which relative imports count."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]


def _imports(module: Module) -> Iterator[Import]:
    def walk(node: ast.AST, *, in_function: bool, for_types: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node.lineno, in_function=in_function, for_types=for_types)
        elif isinstance(node, ast.ImportFrom):
            target = _absolute(module.package, node)
            for alias in node.names:
                yield Import(target, alias.name, node.lineno, in_function, for_types, relative=node.level > 0)
        for child in ast.iter_child_nodes(node):
            inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            types = for_types or (
                isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
            )
            yield from walk(child, in_function=inside, for_types=types)

    yield from walk(module.tree, in_function=False, for_types=False)


def _absolute(package: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def read(root: Path) -> dict[str, Module]:
    """Read the product's modules under a root: the top-level ones, `app` and `migrations`."""
    files = [root / f"{name}.py" for name in ("main", "config", "extensions", "models")]
    files += [*(root / "app").rglob("*.py"), *(root / "migrations").rglob("*.py")]
    modules = {}
    for path in files:
        if path.is_file():
            name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            modules[name] = Module(name, path.relative_to(root), path.read_text())
    return modules


def _within(name: str, package: str) -> bool:
    return package == "*" or name == package or name.startswith(f"{package}.")


def _room(name: str) -> Room | None:
    fitting = [room for room in TABLE if _within(name, room.name)]
    return max(fitting, key=lambda room: len(room.name), default=None)


def _target(item: Import, modules: dict[str, Module]) -> str | None:
    """The local module that an import reaches, or None for a library."""
    if item.full in modules:
        return item.full
    if item.module in modules:
        return item.module
    top = item.module.split(".")[0]
    return item.module if any(_within(name, top) for name in modules) else None


def wrong_arrows(modules: dict[str, Module]) -> list[str]:
    """Imports that the table does not allow, and modules that have no row in it."""
    found = []
    for module in modules.values():
        room = _room(module.name)
        if room is None or (room.name == "app.schema" and module.name != "app.schema"):
            found.append(f"{module.path}: no row in the table of tests/architecture.py is about it")
            continue
        problems = ((item.line, _wrong(module, room, item, modules)) for item in module.imports)
        found += [f"{module.path}:{line}: {problem}" for line, problem in problems if problem]
    return sorted(found)


def _wrong(module: Module, room: Room, item: Import, modules: dict[str, Module]) -> str | None:
    target = _target(item, modules)
    if target is None:
        banned = any(_within(item.full, name) or _within(item.module, name) for name in room.never)
        return f"{room.name} must not import {item.full}" if banned else None
    if _within(module.name, "app.schema"):
        if not _within(target, "app.schema"):
            return f"the schema engine must not import {target} of the application"
        if not item.relative:
            return f"inside app.schema imports are relative, and {target} is not"
    own = _room(target) is room and not room.alone
    allowed = own or any(_allows(name, target) for name in room.may)
    return None if allowed else f"{room.name} must not import {target}"


def _allows(permitted: str, target: str) -> bool:
    # A permission for a package covers its modules, but not the rooms inside it that have a row of their own:
    # whoever may import app.schema may not for that reason import app.schema.runner.
    room = _room(target)
    return _within(target, permitted) and (room is None or permitted == "*" or _within(permitted, room.name))


def touched_names(modules: dict[str, Module]) -> list[str]:
    """Uses of `os.environ` and `os.getenv` where the table forbids it."""
    found = []
    for module in modules.values():
        room = _room(module.name)
        if room is None or "os.environ" not in room.never:
            continue
        found += [
            f"{module.path}:{node.lineno}: {room.name} must not read the environment"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
        ]
    return found


def cycles(modules: dict[str, Module]) -> list[str]:
    """The first circle of imports at module level, as one line; nothing if there is none."""
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for module in modules.values():
        for item in module.imports:
            target = _target(item, modules)
            if target in modules and target != module.name and not (item.in_function or item.for_types):
                graph[module.name].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        return [" -> ".join(reversed(circle.args[1]))]
    return []


def hidden_imports(modules: dict[str, Module]) -> list[str]:
    """Imports inside functions without a comment that gives the reason, on the line or right above it."""
    found = []
    for module in modules.values():
        lines = ["", *module.source.splitlines()]
        reasoned: set[int] = set()
        for line in sorted({item.line for item in module.imports if item.in_function}):
            # One comment covers the imports that follow it without a gap.
            if "#" in lines[line] or lines[line - 1].lstrip().startswith("#") or line - 1 in reasoned:
                reasoned.add(line)
            else:
                found.append(
                    f"{module.path}:{line}: an import inside a function needs its reason in a comment"
                )
    return found


def too_long(modules: dict[str, Module]) -> list[str]:
    """Modules and functions over their number of lines."""
    found = []
    for module in modules.values():
        lines = len(module.source.splitlines())
        if lines > MODULE_LINES:
            found.append(f"{module.path}: {lines} lines, at most {MODULE_LINES} are allowed")
        for name, line, length in _functions(module):
            if length > FUNCTION_LINES:
                found.append(
                    f"{module.path}:{line}: {name} has {length} lines, at most {FUNCTION_LINES} are allowed"
                )
    return found


def _functions(module: Module) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1
