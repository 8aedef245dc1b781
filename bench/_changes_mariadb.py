"""The changes of the stall benchmark on MariaDB. What they share with PostgreSQL is written there.

Not among them is a new CHECK on an existing table: MariaDB 10.11 refuses every ALGORITHM but COPY for it, so that there
is no form that lets writers go on.
"""

from __future__ import annotations

from bench._changes import Change, in_batches
from bench._changes_postgresql import (
    ADD_COLUMN,
    DROP_COLUMN,
    DROP_TABLE,
    FOREIGN_KEY,
    INDEX,
    NEW_DEFAULT,
    NEW_TABLE,
    NULLABLE,
    RENAME_COLUMN,
    STOCK_REQUIRED,
    WIDER,
    WITH_DEFAULT,
)

UNCHECKED_KEY = """
op.execute("SET SESSION foreign_key_checks = 0")
op.execute("ALTER TABLE items ADD CONSTRAINT fk_items_owner_id_owners FOREIGN KEY (owner_id) "
           "REFERENCES owners (id), ALGORITHM=INPLACE, LOCK=NONE")
op.execute("SET SESSION foreign_key_checks = 1")
orphans = op.get_bind().scalar(
    sa.text("SELECT count(*) FROM items c LEFT JOIN owners p ON p.id = c.owner_id WHERE p.id IS NULL")
)
if orphans:
    raise RuntimeError(f"{orphans} rows of items have no owner")
"""
SHADOW = """
op.execute("ALTER TABLE items ADD COLUMN amount_new BIGINT, ALGORITHM=INSTANT")
for moment in ("INSERT", "UPDATE"):
    op.execute(f"CREATE TRIGGER items_amount_new_{moment.lower()} BEFORE {moment} ON items "
               "FOR EACH ROW SET NEW.amount_new = NEW.amount")
"""
SWAP = """
op.execute("DROP TRIGGER items_amount_new_insert")
op.execute("DROP TRIGGER items_amount_new_update")
op.execute("ALTER TABLE items RENAME COLUMN amount TO amount_old, RENAME COLUMN amount_new TO amount, "
           "ALGORITHM=INSTANT")
"""
BIGINT = """
op.alter_column(
    "items", "amount", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True
)
"""
LATE = """
op.alter_column(
    "items",
    "status",
    existing_type=sa.Enum("new", "done"),
    type_=sa.Enum("new", "done", "late"),
    existing_nullable=False,
)
"""


def _alter(clause: str, way: str) -> str:
    return f'op.execute("ALTER TABLE items {clause}, {way}")'


INSTANT = "ALGORITHM=INSTANT"
NOCOPY = "ALGORITHM=NOCOPY, LOCK=NONE"
INPLACE = "ALGORITHM=INPLACE, LOCK=NONE"
DROP_OLD = _alter("DROP COLUMN amount_old", INSTANT)
OURS_ADD = _alter("ADD COLUMN extra VARCHAR(20)", INSTANT)

CHANGES = (
    Change("add column while a reader holds the table", (ADD_COLUMN,), (OURS_ADD,), held=True),
    Change("add column", (ADD_COLUMN,), (OURS_ADD,)),
    Change(
        "add column with a constant default",
        (WITH_DEFAULT,),
        (_alter("ADD COLUMN level INT NOT NULL DEFAULT 0", INSTANT),),
    ),
    Change(
        "add NOT NULL column with computed values",
        (STOCK_REQUIRED,),
        (
            NULLABLE,
            in_batches("UPDATE items SET level = amount % 10"),
            _alter("MODIFY level INT NOT NULL", INPLACE),
        ),
    ),
    Change(
        "fill a column",
        ("op.execute(\"UPDATE items SET note = concat('note ', amount)\")",),
        (in_batches("UPDATE items SET note = concat('note ', amount)"),),
    ),
    Change("create index", (INDEX.format(""),), (_alter("ADD INDEX ix_items_code (code)", NOCOPY),)),
    Change(
        "drop index",
        ('op.drop_index("ix_items_note", "items")',),
        (_alter("DROP INDEX ix_items_note", NOCOPY),),
    ),
    Change(
        "add unique constraint",
        ('op.create_unique_constraint("uq_items_code", "items", ["code"])',),
        (_alter("ADD CONSTRAINT uq_items_code UNIQUE (code)", NOCOPY),),
    ),
    Change("add foreign key", (FOREIGN_KEY.format(""),), (UNCHECKED_KEY,)),
    Change(
        "set NOT NULL",
        ('op.alter_column("items", "amount", existing_type=sa.Integer(), nullable=False)',),
        (_alter("MODIFY amount INT NOT NULL", INPLACE),),
    ),
    Change(
        "change type, integer to bigint",
        (BIGINT,),
        (SHADOW, in_batches("UPDATE items SET amount_new = amount"), SWAP, DROP_OLD),
    ),
    Change("change type, longer varchar", (WIDER,), (_alter("MODIFY code VARCHAR(40) NOT NULL", INSTANT),)),
    Change("change default", (NEW_DEFAULT,), (_alter("ALTER COLUMN amount SET DEFAULT 1", INSTANT),)),
    Change(
        "add value to enum",
        (LATE,),
        (_alter("MODIFY status ENUM('new', 'done', 'late') NOT NULL", INSTANT),),
    ),
    Change("rename column", (RENAME_COLUMN,), (_alter("RENAME COLUMN spare TO reserve", INSTANT),)),
    Change("drop column", (DROP_COLUMN,), (_alter("DROP COLUMN spare", INSTANT),)),
    Change("new table that refers to it", (NEW_TABLE,), (NEW_TABLE,)),
    Change("drop table that refers to it", (DROP_TABLE,), (DROP_TABLE,)),
)
