"""A new foreign key copies the whole table, and writers to it and to the table it refers to wait until that is done.

What it flags
    A foreign key that is added to an existing table, by itself or with a new column.
Why it hurts
    To check every row, MySQL and MariaDB copy the table while each INSERT, UPDATE and DELETE waits; changes of the
    table it refers to wait as well (measured on MariaDB 10.11.19 and MySQL 9.7.4). A single row without a parent makes
    the revision fail at the end of it.
Example
    On mariadb:10.11:

        op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])
Instead
    Add it unchecked, which takes a moment, and look for rows without a parent afterwards; new ones cannot come in any
    more:

        op.execute("SET SESSION foreign_key_checks = 0")
        op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])
        op.execute("SET SESSION foreign_key_checks = 1")
        orphans = op.get_bind().scalar(
            sa.text("SELECT count(*) FROM shelf c LEFT JOIN account p ON p.id = c.id WHERE p.id IS NULL")
        )
        if orphans:
            raise RuntimeError(f"{orphans} rows of shelf have no account")
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Adding a foreign key constraint"; strong_migrations, which advises the same
    without the check afterwards.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, NamedTuple

from alembic.operations.ops import AddColumnOp, CreateForeignKeyOp

from ...core.finding import Finding, FixStep, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ...core.variables import foreign_keys_unchecked
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.operations.ops import MigrateOperation

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-add-fk",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(CreateForeignKeyOp, AddColumnOp),
    supersedes=COPY_RULES,
)


class _Key(NamedTuple):
    parent: str
    columns: tuple[str, ...]
    referred: tuple[str, ...]


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key whose rows are checked by copying the table."""
    key, effect = _key(step), around.effect_on(step.table)
    if key is None or not is_copied(effect) or foreign_keys_unchecked(step, around.earlier):
        return
    column = key.columns[0] if len(key.columns) == 1 else None
    yield around.finding(
        step,
        f"{consequence(around.server, f'{step.table}{around.size(step.table)}', effect)} Writers to {key.parent}"
        f"{around.size(key.parent)} wait too. One row without a parent makes all of it fail.",
        "Add the key unchecked, which takes a moment, and look for rows without a parent behind it:",
        code=_unchecked(step, key, around),
        column=column,
        severity=severity_of(effect),
    )


def _key(step: RecordedOp) -> _Key | None:
    op = step.op
    if isinstance(op, CreateForeignKeyOp):
        schema = op.kw.get("referent_schema")
        parent = f"{schema}.{op.referent_table}" if schema else str(op.referent_table)
        return _Key(parent, tuple(map(str, op.local_cols)), tuple(map(str, op.remote_cols)))
    column = step.as_(AddColumnOp).column
    for key in column.foreign_keys:
        parent, _, referred = str(key.target_fullname).rpartition(".")
        return _Key(parent, (str(column.name),), (referred,))
    return None


def _named(step: RecordedOp, key: _Key) -> MigrateOperation:
    """Return the operation, its constraint named: without a name no revision could drop it."""
    if not isinstance(step.op, CreateForeignKeyOp) or step.op.constraint_name is not None:
        return step.op
    named = copy(step.op)
    named.constraint_name = "_".join(["fk", step.op.source_table, *key.columns, step.op.referent_table])
    return named


def _unchecked(step: RecordedOp, key: _Key, around: Surroundings) -> str:
    pairs = list(zip(key.columns, key.referred, strict=False))
    joined = " AND ".join(f"p.{referred} = c.{column}" for column, referred in pairs)
    given = " AND ".join(f"c.{column} IS NOT NULL" for column in key.columns)
    return (
        'op.execute("SET SESSION foreign_key_checks = 0")\n'
        f"{around.render([FixStep((_named(step, key),))])}\n"
        'op.execute("SET SESSION foreign_key_checks = 1")\n'
        "orphans = op.get_bind().scalar(sa.text(\n"
        f'    "SELECT count(*) FROM {step.table} c LEFT JOIN {key.parent} p ON {joined} "\n'
        f'    "WHERE {given} AND p.{key.referred[0]} IS NULL"\n'
        "))\n"
        "if orphans:\n"
        f'    raise RuntimeError(f"{{orphans}} rows of {step.table} have no {key.parent}")'
    )
