"""What must hold after a revision has run: no index that no query can use, no constraint that was to be validated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ..core.ops import ReindexOp, ValidateConstraintOp
from ..core.wording import listed
from ..dialects.probes.postgresql import PostgreSQLCatalogue
from ..scripts.sql import translate
from .server import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic.operations.ops import MigrateOperation
    from sqlalchemy import Connection

# Most revisions have none of these, and are not read at all. An index that is built in one go is there or not; one
# that was there before, or whose parts are still to come, may be invalid.
_WORTH_READING = re.compile(
    r"\bREINDEX\b|\bVALIDATE\s+CONSTRAINT\b"
    r"|\bCREATE\s+(?:UNIQUE\s+)?INDEX\b(?=.*\b(?:CONCURRENTLY|EXISTS|ONLY)\b)",
    re.IGNORECASE | re.DOTALL,
)


def broken(connection: Connection, statements: Iterable[str]) -> tuple[str, ...]:
    """Return what a revision has left behind that it did not mean to, in sentences with the remedy; PostgreSQL only.

    Asks the database one question for indexes and one for constraints, each only if a statement was about some.

    :param connection: may be in the transaction of the revision.
    :param statements: what the revision sent.
    """
    if connection.dialect.name != "postgresql":
        return ()
    server = server_of(connection)
    operations = [
        made.op for sql in statements if _WORTH_READING.search(sql) for made in translate(sql, server)
    ]
    if not operations:
        return ()
    catalogue = PostgreSQLCatalogue(connection)
    return (*_invalid(catalogue, operations), *_unvalidated(catalogue, operations))


def _invalid(catalogue: PostgreSQLCatalogue, operations: Sequence[MigrateOperation]) -> list[str]:
    built = [op for op in operations if isinstance(op, CreateIndexOp)]
    rebuilt = [op for op in operations if isinstance(op, ReindexOp) and op.name]
    names = {str(op.index_name) for op in built if op.index_name}
    names |= {str(op.name) for op in rebuilt if op.kind == "index"}
    # An index without a name in the statement is known by its table; so is what a rebuild leaves.
    tables = {str(op.table_name) for op in built if not op.index_name}
    tables |= {str(op.name) for op in rebuilt if op.kind == "table"}
    if not names and not tables:
        return []
    found = catalogue.invalid(tuple(sorted(names)), tuple(sorted(tables)))
    return [
        f"The index {listed([index.name])} of {listed([index.table])} is invalid: no query uses it. "
        f"Drop it with `DROP INDEX CONCURRENTLY {catalogue.quoted(index.schema, index.name)}` and build it anew."
        for index in found
    ]


def _unvalidated(catalogue: PostgreSQLCatalogue, operations: Sequence[MigrateOperation]) -> list[str]:
    meant = [op for op in operations if isinstance(op, ValidateConstraintOp)]
    if not meant:
        return []
    wanted = {(op.table_name, op.constraint_name): op.schema for op in meant}
    found = catalogue.unvalidated(tuple(sorted({op.constraint_name for op in meant})))
    return [
        f"The constraint {listed([name])} of {listed([table])} is not validated: older rows may break it. "
        f"Validate it with `ALTER TABLE {catalogue.quoted(schema, table)} VALIDATE CONSTRAINT "
        f"{catalogue.quoted(None, name)}`."
        for schema, table, name in found
        if (table, name) in wanted and wanted[table, name] in (None, schema)
    ]
