"""SQLite tables, rebuilt without a loss.

What `ALTER TABLE` of SQLite cannot do, Alembic does by creating the table anew from what SQLAlchemy reflects: triggers,
AUTOINCREMENT, collations, checks without a name, generated columns, indexes on expressions and more are not reflected,
and are gone. Here the new table is made from the old one's own text, changed only where the revision says so.

`keeping` is the door; `memory` is what the blocks of a run know of each other. `lexer`, `cursor`, `parser` and
`table_text` read the text; `intent` reads what the revision says; `merge` brings both together. `rows`, `retyping` and
`values` take care of the rows; `catalogue`, `integrity`, `references` and `renaming` of what names the table.
`rebuilding` knows the order.
"""

from __future__ import annotations

from .keeping import keeping

__all__ = ["keeping"]
