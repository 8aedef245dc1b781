"""Schema changes that Alembic has no operation for.

They extend the one alphabet for changes, Alembic's operation objects, by what raw SQL can say. `scripts.sql` makes
them from SQL, so that a change is judged alike whether it was written as `op.…` or as `op.execute("…")`.
Where Alembic has an operation, that one is used, and what only SQL can say about it stands in
`RecordedOp.clauses` (`cascade`, `algorithm`, `lock`, …) or in the operation's `kw` under the dialect's name
(`postgresql_concurrently`, `postgresql_not_valid`, `postgresql_using`, `postgresql_using_index`).
"""

from .objects import (
    AddEnumValueOp,
    AlterDomainOp,
    CreateDomainOp,
    CreateEnumOp,
    DatabaseOp,
    DropTypeOp,
    ExtensionOp,
    FunctionOp,
    PublicationOp,
    RenameEnumValueOp,
    RenameTypeOp,
    SchemaOp,
    SequenceOp,
    ViewOp,
)
from .statements import (
    DmlOp,
    HarmlessOp,
    OpaqueOp,
    SelectOp,
    SettingOp,
    TransactionOp,
)
from .tables import (
    AddExclusionOp,
    AttachIndexOp,
    AttachPartitionOp,
    CreatePartitionOp,
    DetachPartitionOp,
    LockTableOp,
    ReindexOp,
    RenameConstraintOp,
    RenameIndexOp,
    RewriteTableOp,
    TableOp,
    TableOptionOp,
    TableRuleOp,
    TriggerOp,
    TruncateOp,
    ValidateConstraintOp,
)

__all__ = [
    "AddEnumValueOp",
    "AddExclusionOp",
    "AlterDomainOp",
    "AttachIndexOp",
    "AttachPartitionOp",
    "CreateDomainOp",
    "CreateEnumOp",
    "CreatePartitionOp",
    "DatabaseOp",
    "DetachPartitionOp",
    "DmlOp",
    "DropTypeOp",
    "ExtensionOp",
    "FunctionOp",
    "HarmlessOp",
    "LockTableOp",
    "OpaqueOp",
    "PublicationOp",
    "ReindexOp",
    "RenameConstraintOp",
    "RenameEnumValueOp",
    "RenameIndexOp",
    "RenameTypeOp",
    "RewriteTableOp",
    "SchemaOp",
    "SelectOp",
    "SequenceOp",
    "SettingOp",
    "TableOp",
    "TableOptionOp",
    "TableRuleOp",
    "TransactionOp",
    "TriggerOp",
    "TruncateOp",
    "ValidateConstraintOp",
    "ViewOp",
]
