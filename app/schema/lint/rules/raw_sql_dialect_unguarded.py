"""The revision fails on this engine: the statement is written for another one.

What it flags
    Raw SQL that only another engine understands, in a revision that is judged for this one and sends it there too.
Why it hurts
    Tests and development on SQLite stop at a statement for PostgreSQL, or the deploy stops at one for SQLite. A
    revision that runs on several engines has to say for each statement where it belongs.
Example
    On sqlite:3.40:

        op.execute("CREATE EXTENSION citext")
Instead
    Ask for the engine first:

        if op.get_bind().dialect.name == "postgresql":
            op.execute("CREATE EXTENSION citext")
When it is fine
    The project runs on one engine only: then judge for that one (`SCHEMA_TARGETS`).
References
    Manuals of PostgreSQL, MySQL, MariaDB and SQLite.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, MYSQL_FAMILY, POSTGRESQL, SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="raw-sql-dialect-unguarded",
    severity=Severity.WARNING,
    engines=EVERY_ENGINE,
    ops=(MigrateOperation,),
    new_tables=True,
    supersedes=("raw-sql-unanalyzable",),
)

# What only these engines understand. Strings and comments are taken out before the search.
_SPEECH = tuple(
    (engines, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for engines, pattern in (
        (POSTGRESQL, r"^\s*(?:CREATE|ALTER|DROP)\s+(?:EXTENSION|TYPE|DOMAIN|POLICY|MATERIALIZED\s+VIEW|PUBLICATION)\b"),
        (POSTGRESQL, r"^\s*COMMENT\s+ON\b|^\s*DO\s+(?:LANGUAGE\s+\w+\s+)?\$|^\s*REFRESH\s+MATERIALIZED\b"),
        (POSTGRESQL, r"^\s*SET\s+(?:LOCAL\s+|SESSION\s+)?(?:lock_timeout|statement_timeout|search_path)\b"),
        (POSTGRESQL, r"^\s*(?:CREATE|DROP|REINDEX)\b.*\bCONCURRENTLY\b|\bNOT\s+VALID\b|\bVALIDATE\s+CONSTRAINT\b"),
        (POSTGRESQL, r"\bALTER\s+(?:COLUMN\s+)?[\w\"]+\s+(?:SET\s+DATA\s+)?TYPE\b|\bUSING\s+(?:gin|gist|brin)\b"),
        (POSTGRESQL, r"[\w)\"']::\s*[a-z_\"]|\bILIKE\b|\bgen_random_uuid\s*\(|\bjsonb?_(?:build_object|agg)\s*\("),
        (MYSQL_FAMILY, r"^\s*ALTER\s+TABLE\b.*\b(?:MODIFY|CHANGE)\s+(?:COLUMN\s+)?[\w`]+\s+[\w`]+"),
        (MYSQL_FAMILY, r"\bENGINE\s*=|\bAUTO_INCREMENT\b|\bON\s+DUPLICATE\s+KEY\b|\bFOREIGN_KEY_CHECKS\b"),
        ((*MYSQL_FAMILY, *SQLITE), r"`\w+`"),
        (SQLITE, r"^\s*PRAGMA\b|^\s*INSERT\s+OR\s+\w+\s+INTO\b"),
        (SQLITE, r"\bAUTOINCREMENT\b|\bWITHOUT\s+ROWID\b|\bsqlite_master\b"),
    )
)  # fmt: skip
_ASIDE = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_NAMES = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag the first operation of a statement that is written for another engine."""
    repeated = bool(around.earlier) and around.earlier[-1].statement == step.statement
    if step.source == "op" or not step.sql or repeated:
        return
    bare = _ASIDE.sub("''", step.sql)
    foreign = next((e for e, words in _SPEECH if around.server.engine not in e and words.search(bare)), None)
    if foreign is None:
        return
    text = " ".join(step.sql.split())
    yield around.finding(
        step,
        f"The revision fails on {_NAMES[around.server.engine]}: only {' and '.join(_NAMES[e] for e in foreign)} "
        f"{'understands' if len(foreign) == 1 else 'understand'} `{text[:60]}{'…' if len(text) > 60 else ''}`.",
        "Ask for the engine first:",
        code=f'if op.get_bind().dialect.name == "{_dialect(foreign[0])}":\n    op.execute({text!r})',
    )


def _dialect(engine: str) -> str:
    return "mysql" if engine == "mariadb" else engine
