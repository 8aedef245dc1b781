"""Raw SQL → the operation objects that `op.…` would have made.

    sql ─ lexer → statements ─ dispatch → statements/<kind>.py ─ columns, constraints, types → operations

`statements` holds one recogniser for each kind of statement, a small recursive descent over tokens that keeps the
author's own spelling of expressions: sqlglot rewrites `now()` to `CURRENT_TIMESTAMP`, takes `ADD UNIQUE INDEX` for
a constraint and knows about half of the `ALTER` forms that matter here (it returns an opaque `Command` for the rest).
Queries, conditions and data changes are parsed by sqlglot (`queries.py`), which is imported only when one is met.

What no recogniser understands becomes an `OpaqueOp`; nothing here raises, whatever the input.
"""

from __future__ import annotations

from .translate import Translated, translate
from .types import sql_type

__all__ = ["Translated", "sql_type", "translate"]
