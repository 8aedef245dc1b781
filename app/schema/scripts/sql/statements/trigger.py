"""Triggers, policies and rewrite rules: what is attached to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import TableRuleOp, TriggerOp
from ..clauses import behaviour, if_exists, if_not_exists
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor


def create_trigger(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE TRIGGER`."""
    if_not_exists(cursor)
    _, name = cursor.qualified()
    while not cursor.accept("ON"):
        cursor.skip()
    schema, table = cursor.qualified()
    cursor.rest()
    yield Made(TriggerOp(table, schema, name, "replace" if "REPLACE" in cursor.modifiers else "create"))


def drop_trigger(cursor: Cursor) -> Iterator[Made]:
    """Read `DROP TRIGGER`; MySQL and SQLite name no table."""
    clauses = {"if_exists": ""} if if_exists(cursor) else {}
    trigger_schema, name = cursor.qualified()
    schema, table = cursor.qualified() if cursor.accept("ON") else (trigger_schema, "")
    yield Made(TriggerOp(table, schema, name, "drop"), clauses | behaviour(cursor))


def alter_trigger(cursor: Cursor) -> Iterator[Made]:
    """Read `ALTER TRIGGER … ON … RENAME TO`."""
    name = cursor.name()
    cursor.expect("ON")
    schema, table = cursor.qualified()
    cursor.rest()
    yield Made(TriggerOp(table, schema, name, "rename"))


def policy(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP POLICY`."""
    if_exists(cursor)
    name = cursor.name()
    cursor.expect("ON")
    schema, table = cursor.qualified()
    cursor.rest()
    yield Made(TableRuleOp(table, schema, "policy", name, cursor.tokens[0].key.lower()))


def rule(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP RULE`."""
    if_exists(cursor)
    name = cursor.name()
    verb = cursor.tokens[0].key.lower()
    while not cursor.accept("TO" if verb == "create" else "ON"):
        cursor.skip()
    schema, table = cursor.qualified()
    cursor.rest()
    yield Made(TableRuleOp(table, schema, "rule", name, verb))


STATEMENTS = {
    ("CREATE", "TRIGGER"): create_trigger,
    ("DROP", "TRIGGER"): drop_trigger,
    ("ALTER", "TRIGGER"): alter_trigger,
    **dict.fromkeys([(verb, "POLICY") for verb in ("CREATE", "ALTER", "DROP")], policy),
    **dict.fromkeys([(verb, "RULE") for verb in ("CREATE", "ALTER", "DROP")], rule),
}
