"""What a change of the schema looks like to the stall benchmark, and the tables that it is made to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REVISION = '''"""{id}"""
from alembic import op
import sqlalchemy as sa

revision = "{id}"
down_revision = {parent}


def upgrade():
{body}


def downgrade():
    raise NotImplementedError
'''

TABLES = """
op.create_table(
    "owners",
    sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(20), nullable=False),
    sa.Column("touched", sa.Integer(), nullable=False, server_default="0"),
)
op.create_table(
    "items",
    sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("owner_id", sa.Integer(), nullable=False),
    sa.Column("code", sa.String(20), nullable=False),
    sa.Column("amount", sa.Integer()),
    sa.Column("note", sa.String(60)),
    sa.Column("spare", sa.String(20)),
    sa.Column("status", sa.Enum("new", "done", name="status"), nullable=False),
    sa.Column("touched", sa.Integer(), nullable=False, server_default="0"),
)
op.create_index("ix_items_note", "items", ["note"])
op.create_index("ix_items_owner_id", "items", ["owner_id"])
op.create_table(
    "marks",
    sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("item_id", sa.Integer(), sa.ForeignKey("items.id", name="fk_marks_item_id_items"), nullable=False),
)
"""
"""`items` is the large table under load; `owners` has a thousand rows and load too; `marks` has a few."""

BATCH = 2000
"""Rows that a batch changes and so keeps locked for some milliseconds."""

IN_BATCHES = f"""
with op.get_context().autocommit_block():
    top = op.get_bind().scalar(sa.text("SELECT max(id) FROM items"))
    for first in range(1, top + 1, {BATCH}):
        op.execute(
            sa.text("{{update}} WHERE id BETWEEN :first AND :last").bindparams(
                first=first, last=first + {BATCH - 1}
            )
        )
"""


@dataclass(frozen=True)
class Change:
    """One change, written twice.

    :param name: what it is called in the table.
    :param stock: bodies of `upgrade()`, one for each revision, as one writes them with stock Flask-Migrate.
    :param ours: the same in the form that does not block.
    :param held: whether a reader keeps the table open for a while when the change comes.
    """

    name: str
    stock: tuple[str, ...]
    ours: tuple[str, ...]
    held: bool = False


def in_batches(update: str) -> str:
    """Return the body that sends an UPDATE of `items`, which has no WHERE, in batches of keys."""
    return IN_BATCHES.format(update=update)


def write_revisions(folder: Path, bodies: tuple[str, ...], tables: str = TABLES) -> None:
    """Write the revision that makes the tables and, on top of it, one for each body.

    :param folder: the versions folder.
    :param tables: body of the first one.
    """
    parent = "None"
    for number, body in enumerate((tables, *bodies)):
        indented = "\n".join(f"    {line}" if line else "" for line in body.strip().splitlines())
        text = REVISION.format(id=f"r{number}", parent=parent, body=indented)
        (folder / f"r{number}_.py").write_text(text)
        parent = f'"r{number}"'
