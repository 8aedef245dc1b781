"""Names that a server chooses where a statement gives none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .answer import Look
    from .catalogue import ConstraintFact, IndexFact

# Names that servers choose (measured on PostgreSQL 15 and MariaDB 10.11; MySQL manual, "CHECK Constraints").
_AUTOMATIC: dict[str, dict[str, str]] = {
    "postgresql": {
        "index": r".*_idx\d*",
        "unique": r".*_key\d*",
        "foreign key": r".*_fkey\d*",
        "check": r".*_check\d*",
        "exclude": r".*_excl\d*",
    },
    "mysql": {"foreign key": r".*_ibfk_\d+|\d+", "check": r"CONSTRAINT_\d+|.*_chk_\d+"},
    "sqlite": {},
}


def may_be_chosen(found: IndexFact | ConstraintFact, look: Look) -> bool:
    """True if the server may have chosen the name, so that an older one of its kind is not taken for the new one."""
    kind = getattr(found, "kind", "index")
    if look.server.dialect_name == "mysql" and kind in ("unique", "index"):
        return look.catalogue.fold(found.name).startswith(look.catalogue.fold(str(found.columns[0])))
    pattern = _AUTOMATIC[look.server.dialect_name].get(kind)
    return pattern is not None and re.fullmatch(pattern, found.name) is not None
