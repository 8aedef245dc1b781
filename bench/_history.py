"""A history of small revisions, the same for every benchmark that needs one."""

from __future__ import annotations

from pathlib import Path

FILE = '''"""Revision {n}

Revision ID: r{n:04d}
Revises: {parent}
"""
from alembic import op
import sqlalchemy as sa

revision = "r{n:04d}"
down_revision = {down}


def upgrade():
{up}


def downgrade():
{undo}
'''
CREATE = """    op.create_table(
        "t{n}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_t{n}"),
    )
    op.create_index("ix_t{n}_name", "t{n}", ["name"])"""
ADD = '    op.add_column("t{table}", sa.Column("c{n}", sa.String(length=20), nullable=True))'
SQL = "    op.execute(\"UPDATE t{table} SET name = 'x' WHERE id = {n}\")"
UNDO = ('    op.drop_table("t{n}")', '    op.drop_column("t{table}", "c{n}")', "    pass")


def write_history(folder: Path, revisions: int) -> None:
    """Write revisions that create tables, add columns, and change rows by SQL, in turn.

    :param folder: the versions folder.
    :param revisions: how many.
    """
    for n in range(revisions):
        table = n - n % 3
        kind, undo = (CREATE, ADD, SQL)[n % 3], UNDO[n % 3]
        (folder / f"r{n:04d}.py").write_text(
            FILE.format(
                n=n,
                parent=f"r{n - 1:04d}" if n else "",
                down=f'"r{n - 1:04d}"' if n else None,
                up=kind.format(n=n, table=table),
                undo=undo.format(n=n, table=table),
            )
        )
