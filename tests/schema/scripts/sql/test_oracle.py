"""The parser of PostgreSQL itself has to read the cases, and to see the kind of statement that we see."""

from __future__ import annotations

import re

import pytest
from alembic.operations import ops
from pglast import parse_sql

from app.schema.core import ops as own
from app.schema.scripts.sql import translate

from .cases import SERVERS, cases

# Statements that are no SQL of PostgreSQL 18, on purpose.
NOT_SQL = ("FROBNICATE", "DEFAULT 'x", "REPACK")
KINDS = {
    ops.CreateTableOp: {"CreateStmt", "CreateTableAsStmt", "SelectStmt"},
    ops.DropTableOp: {"DropStmt"},
    ops.AddColumnOp: {"AlterTableStmt"},
    ops.DropColumnOp: {"AlterTableStmt"},
    ops.AlterColumnOp: {"AlterTableStmt", "RenameStmt", "CommentStmt"},
    ops.CreateIndexOp: {"IndexStmt"},
    ops.DropIndexOp: {"DropStmt"},
    ops.RenameTableOp: {"RenameStmt"},
    ops.CreateForeignKeyOp: {"AlterTableStmt"},
    ops.CreateCheckConstraintOp: {"AlterTableStmt"},
    ops.CreateUniqueConstraintOp: {"AlterTableStmt"},
    ops.CreatePrimaryKeyOp: {"AlterTableStmt"},
    ops.DropConstraintOp: {"AlterTableStmt"},
    own.ValidateConstraintOp: {"AlterTableStmt"},
    own.RenameConstraintOp: {"RenameStmt"},
    own.RenameIndexOp: {"RenameStmt"},
    own.AttachPartitionOp: {"AlterTableStmt"},
    own.DetachPartitionOp: {"AlterTableStmt"},
    own.CreatePartitionOp: {"CreateStmt"},
    own.TableOptionOp: {"AlterTableStmt", "AlterObjectSchemaStmt"},
    own.RewriteTableOp: {"ClusterStmt", "VacuumStmt"},
    own.ReindexOp: {"ReindexStmt"},
    own.TruncateOp: {"TruncateStmt"},
    own.LockTableOp: {"LockStmt"},
    own.TriggerOp: {"CreateTrigStmt", "DropStmt", "RenameStmt"},
    own.TableRuleOp: {"CreatePolicyStmt", "AlterPolicyStmt", "RuleStmt", "DropStmt"},
    own.CreateEnumOp: {"CreateEnumStmt"},
    own.AddEnumValueOp: {"AlterEnumStmt"},
    own.RenameEnumValueOp: {"AlterEnumStmt"},
    own.RenameTypeOp: {"RenameStmt"},
    own.DropTypeOp: {"DropStmt"},
    own.CreateDomainOp: {"CreateDomainStmt"},
    own.AlterDomainOp: {"AlterDomainStmt"},
    own.ViewOp: {
        "ViewStmt",
        "CreateTableAsStmt",
        "RefreshMatViewStmt",
        "DropStmt",
        "RenameStmt",
        "AlterTableStmt",
    },
    own.SequenceOp: {"CreateSeqStmt", "AlterSeqStmt", "DropStmt"},
    own.FunctionOp: {"CreateFunctionStmt", "DefineStmt", "AlterOwnerStmt", "DropStmt"},
    own.SchemaOp: {"CreateSchemaStmt", "DropStmt", "RenameStmt"},
    own.DatabaseOp: {"DropdbStmt", "AlterDatabaseSetStmt"},
    own.ExtensionOp: {"CreateExtensionStmt", "AlterExtensionStmt"},
    own.PublicationOp: {"CreatePublicationStmt", "AlterPublicationStmt"},
    own.DmlOp: {
        "InsertStmt",
        "UpdateStmt",
        "DeleteStmt",
        "MergeStmt",
        "CopyStmt",
        "SelectStmt",
        "CreateTableAsStmt",
    },
    own.SelectOp: {"SelectStmt", "ExplainStmt", "VariableShowStmt", "CopyStmt"},
    own.TransactionOp: {"TransactionStmt"},
    own.SettingOp: {"VariableSetStmt", "ConstraintsSetStmt", "SelectStmt"},
}
CASES = [sql for sql, _ in cases("postgresql") if not any(word in sql for word in NOT_SQL)]


def _without_parameters(sql: str) -> str:
    return re.sub(r"%\(\w+\)s|(?<![:\w']):\w+", "NULL", sql)


@pytest.mark.parametrize("sql", CASES)
def test_postgresql_reads_the_case_and_agrees_on_its_kind(sql: str) -> None:
    parsed = [type(raw.stmt).__name__ for raw in parse_sql(_without_parameters(sql))]
    translated = translate(sql, SERVERS["postgresql"])
    assert {one.statement for one in translated} == set(range(len(parsed)))
    for one in translated:
        known = KINDS.get(type(one.op))
        if known is not None and "conditional" not in one.clauses:
            assert parsed[one.statement] in known
