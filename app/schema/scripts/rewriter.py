"""Rewrites single operations of a revision file and keeps everything else byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeGuard

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from .renderer import AUTOCOMMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

# Names that rendered code may use, and the import that brings each.
_IMPORTS = {
    "op": "from alembic import op",
    "sa": "import sqlalchemy as sa",
    "postgresql": "from sqlalchemy.dialects import postgresql",
    "mysql": "from sqlalchemy.dialects import mysql",
    "sqlite": "from sqlalchemy.dialects import sqlite",
}


class CannotRewriteError(Exception):
    """The operation stands where it cannot be replaced mechanically; the text says why."""


@dataclass(frozen=True)
class Replacement:
    """New code for the statement that starts at a line of the file.

    `code` is source without indentation, empty to remove the statement.
    """

    line: int
    code: str


def rewrite(source: str, replacement: Replacement) -> str:
    """Return the source with one statement replaced.

    A statement of a batch block is taken out of the block, because the new code names its table itself; a block
    that is empty then goes too.

    :raise CannotRewriteError: there is no such statement, or its value is used.
    """
    wrapper = MetadataWrapper(cst.parse_module(source))
    new = _parse(replacement.code, wrapper.module)
    transformer = _Replace(replacement.line, new)
    changed = wrapper.visit(transformer)
    if not transformer.done:
        raise CannotRewriteError(transformer.reason or f"no operation starts at line {replacement.line}")
    return _with_imports(changed, replacement.code).code


def _parse(code: str, module: cst.Module) -> list[cst.BaseStatement]:
    parsed = cst.parse_module(code, config=module.config_for_parsing)
    return [statement for statement in parsed.body if isinstance(statement, cst.BaseStatement)]


@dataclass
class _Frame:
    """An enclosing `with`: what it is and what moves out of it."""

    is_batch: bool
    is_autocommit: bool
    moved: list[cst.BaseStatement] = field(default_factory=list)


class _Replace(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, line: int, new: Sequence[cst.BaseStatement]) -> None:
        super().__init__()
        self.line = line
        self.new = list(new)
        self.done = False
        self.reason: str | None = None
        self._frames: list[_Frame] = []

    def visit_With(self, node: cst.With) -> None:  # noqa: N802  (the name that libcst calls)
        """Remember the block that is entered."""
        self._frames.append(
            _Frame(_is_call_of(node, "batch_alter_table"), _is_call_of(node, "autocommit_block"))
        )

    def leave_With(  # noqa: N802  (the name that libcst calls)
        self, original_node: cst.With, updated_node: cst.With
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        """Put what moves out of a batch block behind it; drop the block if nothing is left in it."""
        frame = self._frames.pop()
        if not frame.moved:
            return updated_node
        if _is_empty(updated_node.body):
            return cst.FlattenSentinel(_with_leading(frame.moved, updated_node.leading_lines))
        return cst.FlattenSentinel([updated_node, *frame.moved])

    def leave_SimpleStatementLine(  # noqa: N802  (the name that libcst calls)
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """Replace the statement, if it is the one."""
        position = self.get_metadata(PositionProvider, original_node)
        if self.done or position.start.line != self.line:
            return updated_node
        if len(updated_node.body) != 1 or not isinstance(updated_node.body[0], cst.Expr):
            self.reason = f"line {self.line} does more than call the operation"
            return updated_node
        self.done = True
        return self._replaced(updated_node)

    def _replaced(
        self, node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.is_batch:
            frame.moved += _with_leading(self.new, node.leading_lines)
            return cst.RemovalSentinel.REMOVE
        new = _unwrapped(self.new) if frame is not None and frame.is_autocommit else self.new
        if not new:
            return cst.RemovalSentinel.REMOVE
        return cst.FlattenSentinel(_with_leading(new, node.leading_lines))


def _with_leading(
    statements: Sequence[cst.BaseStatement], leading: Sequence[cst.EmptyLine]
) -> list[cst.BaseStatement]:
    """Give the comments and blank lines above the old statement to the first new one."""
    first, *rest = statements
    if isinstance(first, (cst.SimpleStatementLine, cst.With)):
        first = first.with_changes(leading_lines=leading)
    return [first, *rest]


def _unwrapped(statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """Take statements out of their own autocommit block: they come to stand in one."""
    plain: list[cst.BaseStatement] = []
    for statement in statements:
        if _is_autocommit(statement) and isinstance(statement.body, cst.IndentedBlock):
            plain += [inner for inner in statement.body.body if isinstance(inner, cst.BaseStatement)]
        else:
            plain.append(statement)
    return plain


def _is_autocommit(statement: cst.BaseStatement) -> TypeGuard[cst.With]:
    return isinstance(statement, cst.With) and _is_call_of(statement, "autocommit_block")


def _is_call_of(block: cst.With, name: str) -> bool:
    return name in cst.Module(body=[]).code_for_node(block.items[0].item)


def _is_empty(block: cst.BaseSuite) -> bool:
    return all(
        isinstance(statement, cst.SimpleStatementLine)
        and all(isinstance(part, cst.Pass) for part in statement.body)
        for statement in block.body
    )


def _with_imports(module: cst.Module, code: str) -> cst.Module:
    """Add the imports that the new code needs and the file lacks, behind its last import."""
    text = module.code
    missing = [
        line
        for name, line in _IMPORTS.items()
        if f"{name}." in code.replace(AUTOCOMMIT, "")
        and line not in text
        and f" as {name}\n" not in text
        and f"import {name}\n" not in text
    ]
    if not missing:
        return module
    position = max((n for n, part in enumerate(module.body) if _is_import(part)), default=-1) + 1
    new = [statement for line in missing for statement in cst.parse_module(f"{line}\n").body]
    return module.with_changes(body=[*module.body[:position], *new, *module.body[position:]])


def _is_import(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(
        node.body[0], (cst.Import, cst.ImportFrom)
    )
