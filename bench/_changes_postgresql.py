"""The changes of the stall benchmark on PostgreSQL."""

from __future__ import annotations

from bench._changes import Change, in_batches

NOT_NULL = """
op.create_check_constraint("ck_items_{0}", "items", "{0} IS NOT NULL", postgresql_not_valid=True)
with op.get_context().autocommit_block():
    op.execute("ALTER TABLE items VALIDATE CONSTRAINT ck_items_{0}")
op.alter_column("items", "{0}", existing_type=sa.Integer(), nullable=False)
op.drop_constraint("ck_items_{0}", "items", type_="check")
"""
ADD_COLUMN = 'op.add_column("items", sa.Column("extra", sa.String(20)))'
WITH_DEFAULT = 'op.add_column("items", sa.Column("level", sa.Integer(), nullable=False, server_default="0"))'
NULLABLE = 'op.add_column("items", sa.Column("level", sa.Integer()))'
DROP_COLUMN = 'op.drop_column("items", "spare")'
RENAME_COLUMN = 'op.alter_column("items", "spare", existing_type=sa.String(20), new_column_name="reserve")'
WIDER = 'op.alter_column("items", "code", existing_type=sa.String(20), type_=sa.String(40), existing_nullable=False)'
NEW_DEFAULT = 'op.alter_column("items", "amount", existing_type=sa.Integer(), server_default="1")'
DROP_TABLE = 'op.drop_table("marks")'
NEW_TABLE = """
op.create_table(
    "tags",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("item_id", sa.Integer(), sa.ForeignKey("items.id", name="fk_tags_item_id_items"), nullable=False),
    sa.Column("word", sa.String(20), nullable=False),
)
op.create_index("ix_tags_item_id", "tags", ["item_id"])
"""
SHADOW = """
op.add_column("items", sa.Column("amount_new", sa.BigInteger()))
op.execute("CREATE FUNCTION items_amount_new() RETURNS trigger LANGUAGE plpgsql AS "
           "$$ BEGIN NEW.amount_new := NEW.amount; RETURN NEW; END $$")
op.execute("CREATE TRIGGER items_amount_new BEFORE INSERT OR UPDATE ON items "
           "FOR EACH ROW EXECUTE FUNCTION items_amount_new()")
"""
SWAP = """
op.execute("DROP TRIGGER items_amount_new ON items")
op.execute("ALTER TABLE items RENAME COLUMN amount TO amount_old")
op.execute("ALTER TABLE items RENAME COLUMN amount_new TO amount")
op.execute("DROP FUNCTION items_amount_new()")
"""
DROP_OLD = 'op.drop_column("items", "amount_old")'
STOCK_REQUIRED = f"""
{NULLABLE}
op.execute("UPDATE items SET level = amount % 10")
op.alter_column("items", "level", existing_type=sa.Integer(), nullable=False)
"""
FOREIGN_KEY = 'op.create_foreign_key("fk_items_owner_id_owners", "items", "owners", ["owner_id"], ["id"]{0})'
CHECK = 'op.create_check_constraint("ck_items_amount", "items", "amount >= 0"{0})'
UNIQUE_INDEX = """
with op.get_context().autocommit_block():
    op.create_index("uq_items_code", "items", ["code"], unique=True, postgresql_concurrently=True)
"""
INDEX = 'op.create_index("ix_items_code", "items", ["code"]{0})'
DROP_INDEX = 'op.drop_index("ix_items_note", "items"{0})'
NOT_VALID = ", postgresql_not_valid=True"
CONCURRENTLY = ", postgresql_concurrently=True"


def _outside(statement: str) -> str:
    return f"with op.get_context().autocommit_block():\n    {statement}"


def _validated(constraint: str) -> str:
    return _outside(f'op.execute("ALTER TABLE items VALIDATE CONSTRAINT {constraint}")')


CHANGES = (
    Change("add column while a reader holds the table", (ADD_COLUMN,), (ADD_COLUMN,), held=True),
    Change("add column", (ADD_COLUMN,), (ADD_COLUMN,)),
    Change("add column with a constant default", (WITH_DEFAULT,), (WITH_DEFAULT,)),
    Change(
        "add NOT NULL column with computed values",
        (STOCK_REQUIRED,),
        (NULLABLE, in_batches("UPDATE items SET level = amount % 10"), NOT_NULL.format("level")),
    ),
    Change(
        "fill a column",
        ("op.execute(\"UPDATE items SET note = 'note ' || amount\")",),
        (in_batches("UPDATE items SET note = 'note ' || amount"),),
    ),
    Change("create index", (INDEX.format(""),), (_outside(INDEX.format(CONCURRENTLY)),)),
    Change("drop index", (DROP_INDEX.format(""),), (_outside(DROP_INDEX.format(CONCURRENTLY)),)),
    Change(
        "add unique constraint",
        ('op.create_unique_constraint("uq_items_code", "items", ["code"])',),
        (
            UNIQUE_INDEX
            + 'op.execute("ALTER TABLE items ADD CONSTRAINT uq_items_code UNIQUE USING INDEX uq_items_code")',
        ),
    ),
    Change(
        "add foreign key",
        (FOREIGN_KEY.format(""),),
        (FOREIGN_KEY.format(NOT_VALID), _validated("fk_items_owner_id_owners")),
    ),
    Change("add check", (CHECK.format(""),), (CHECK.format(NOT_VALID), _validated("ck_items_amount"))),
    Change(
        "set NOT NULL",
        ('op.alter_column("items", "amount", existing_type=sa.Integer(), nullable=False)',),
        (NOT_NULL.format("amount"),),
    ),
    Change(
        "change type, integer to bigint",
        ('op.alter_column("items", "amount", existing_type=sa.Integer(), type_=sa.BigInteger())',),
        (SHADOW, in_batches("UPDATE items SET amount_new = amount"), SWAP, DROP_OLD),
    ),
    Change("change type, longer varchar", (WIDER,), (WIDER,)),
    Change("change default", (NEW_DEFAULT,), (NEW_DEFAULT,)),
    Change(
        "add value to enum",
        ("op.execute(\"ALTER TYPE status ADD VALUE 'late'\")",),
        (_outside("op.execute(\"ALTER TYPE status ADD VALUE 'late'\")"),),
    ),
    Change("rename column", (RENAME_COLUMN,), (RENAME_COLUMN,)),
    Change("drop column", (DROP_COLUMN,), (DROP_COLUMN,)),
    Change("new table that refers to it", (NEW_TABLE,), (NEW_TABLE,)),
    Change("drop table that refers to it", (DROP_TABLE,), (DROP_TABLE,)),
)
