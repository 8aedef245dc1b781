"""Whether the condition of an UPDATE or DELETE limits its rows at all, and whether it limits them to a batch."""

from __future__ import annotations

from typing import Any

# Columns that identify a row or follow the order of rows, by the names that people give them.
KEYS = frozenset({"id", "pk", "uuid", "guid", "ctid", "rowid", "_rowid_", "oid"})


def judge(condition: Any) -> tuple[bool, bool]:
    """Return whether a condition (None if there is none) leaves rows out, and whether it bounds a batch."""
    if condition is None or always_true(condition):
        return False, False
    return True, _bounded(condition)


def always_true(node: Any) -> bool:
    """True if a condition holds for every row: TRUE, 1 = 1, a = a (but for NULLs), x OR TRUE."""
    from sqlglot import exp  # the caller has imported it already

    if isinstance(node, exp.Paren):
        return always_true(node.this)
    if isinstance(node, exp.And):
        return always_true(node.left) and always_true(node.right)
    if isinstance(node, exp.Or):
        return always_true(node.left) or always_true(node.right)
    if isinstance(node, exp.Not):
        return _always_false(node.this)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Literal):
        return not node.is_string and node.name not in ("0", "0.0")
    return isinstance(node, (exp.EQ, exp.GTE, exp.LTE, exp.NEQ)) and _compares_alike(node)


def _always_false(node: Any) -> bool:
    from sqlglot import exp  # the caller has imported it already

    if isinstance(node, exp.Paren):
        return _always_false(node.this)
    if isinstance(node, exp.Boolean):
        return not node.this
    return isinstance(node, exp.EQ) and _constants(node) and node.left != node.right


def _constants(node: Any) -> bool:
    from sqlglot import exp  # the caller has imported it already

    return isinstance(node.left, exp.Literal) and isinstance(node.right, exp.Literal)


def _compares_alike(node: Any) -> bool:
    from sqlglot import exp  # the caller has imported it already

    if isinstance(node, exp.NEQ):
        return _constants(node) and node.left != node.right
    plain = (exp.Literal, exp.Column)
    return isinstance(node.left, plain) and node.left == node.right


def _bounded(node: Any) -> bool:
    """True if a condition picks single rows, a list of keys, a closed range of keys, or a subquery with LIMIT."""
    from sqlglot import exp  # the caller has imported it already

    if isinstance(node, exp.Paren):
        return _bounded(node.this)
    if isinstance(node, exp.Or):
        return _bounded(node.left) and _bounded(node.right)
    parts = list(node.flatten()) if isinstance(node, exp.And) else [node]
    return any(_picks_keys(part) for part in parts) or _closed_range(parts)


def _picks_keys(part: Any) -> bool:
    from sqlglot import exp  # the caller has imported it already

    if isinstance(part, exp.Paren):
        return _bounded(part)
    if isinstance(part, exp.Between):
        return _is_key(part.this)
    if isinstance(part, exp.In):
        return _limited_query(part) or (_is_key(part.this) and bool(part.expressions))
    if isinstance(part, exp.EQ) and isinstance(part.right, exp.Any):
        return _limited_query(part.right) or (_is_key(part.left) and not part.right.find(exp.Query))
    return isinstance(part, exp.EQ) and _is_key(part.left) and not part.right.find(exp.Column, exp.Query)


def _limited_query(part: Any) -> bool:
    from sqlglot import exp  # the caller has imported it already

    return any(query.args.get("limit") is not None for query in part.find_all(exp.Select))


def from_batch(node: Any) -> bool:
    """True if the rows are joined to a query with LIMIT: `WITH batch AS (… LIMIT 100) UPDATE … FROM batch`."""
    from sqlglot import exp  # the caller has imported it already

    sources = [cte.this for cte in node.find_all(exp.CTE)]
    sources += [
        query.this for query in node.find_all(exp.Subquery) if isinstance(query.parent, (exp.From, exp.Join))
    ]
    return any(source.args.get("limit") is not None for source in sources)


def _closed_range(parts: list[Any]) -> bool:
    from sqlglot import exp  # the caller has imported it already

    lower = {
        part.left.name.lower() for part in parts if isinstance(part, (exp.GT, exp.GTE)) and _is_key(part.left)
    }
    upper = {
        part.left.name.lower() for part in parts if isinstance(part, (exp.LT, exp.LTE)) and _is_key(part.left)
    }
    return bool(lower & upper)


def _is_key(node: Any) -> bool:
    from sqlglot import exp  # the caller has imported it already

    return isinstance(node, exp.Column) and node.name.lower() in KEYS
