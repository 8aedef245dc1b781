"""What a revision does, in a form that two versions of a file can be compared by."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from alembic.operations.ops import BulkInsertOp

from ..core.finding import FixStep
from .renderer import renderer_for

if TYPE_CHECKING:
    from ..core.recorded import RecordedOp, Recording

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def meaning(recording: Recording) -> tuple[str, ...]:
    """Return one line for each operation: what it is, with everything that changes its effect.

    Formatting, comments, names of variables and the way to the operation do not show.
    """
    render = renderer_for(recording.server)
    return tuple(_line(step, render) for step in recording.operations)


def _line(step: RecordedOp, render: object) -> str:
    place = "autocommit " if step.autocommit else ""
    batch = "rebuild " if step.batch and step.batch.recreates else ""
    if step.sql is not None:
        return f"{place}{' '.join(step.sql.split())}"
    if isinstance(step.op, BulkInsertOp):
        return f"{place}insert into {step.table}: {step.op.rows!r}"
    try:
        text = render((FixStep((step.op,)),))  # type: ignore[operator]
    except Exception:  # noqa: BLE001  (a type or option that cannot be rendered)
        text = ""
    return f"{place}{batch}{text or _by_fields(step)}"


def _by_fields(step: RecordedOp) -> str:
    """Describe an operation that is not written as Python: what it is and what it holds, but not where in memory."""
    fields = sorted(vars(step.op).items(), key=lambda item: item[0])
    return _ADDRESS.sub("", f"{type(step.op).__name__} {fields}")


def same_code(first: str, second: str) -> bool:
    """True if two sources differ in formatting, comments, docstrings and annotations at most."""
    try:
        return _bare(first) == _bare(second)
    except SyntaxError:
        return False


def _bare(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.FunctionDef, ast.Module))
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(_WithoutAnnotations().visit(tree))


class _WithoutAnnotations(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """`revision: str = "a"` means `revision = "a"`."""
        value = node.value or ast.Constant(None)
        return ast.copy_location(ast.Assign(targets=[node.target], value=value), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """An argument's annotation does not count."""
        node.annotation = None
        return node
