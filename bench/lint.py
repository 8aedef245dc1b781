"""How long `flask db lint` takes: a history of 1,000 revisions, and one pending revision on top of it.

Prints seconds of wall time, the best of several runs, and the start of `flask` in the same run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REVISIONS = 1000
RUNS = 3

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


def write_history(folder: Path) -> None:
    """Write revisions that create tables, add columns, and change rows by SQL, in turn."""
    for n in range(REVISIONS + 1):
        table = n - n % 3
        kind = (CREATE, ADD, SQL)[n % 3]
        undo = ('    op.drop_table("t{n}")', '    op.drop_column("t{table}", "c{n}")', "    pass")[n % 3]
        (folder / f"r{n:04d}.py").write_text(
            FILE.format(
                n=n,
                parent=f"r{n - 1:04d}" if n else "",
                down=f'"r{n - 1:04d}"' if n else None,
                up=kind.format(n=n, table=table),
                undo=undo.format(n=n, table=table),
            )
        )


def seconds(*arguments: str) -> float:
    """Return the shortest of several runs of `flask …`."""
    command = [sys.executable, "-m", "flask", "--app", "main", *arguments]
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_history(folder)
        judge = ("db", "lint", "-d", name, "--targets", "postgresql:15", "--fail-on", "never")
        start = seconds("db", "list-templates")
        print(f"start of flask (flask db list-templates)         {start:6.2f} s")
        whole = seconds(*judge, "base:head")
        print(f"a history of {REVISIONS + 1:,} revisions                    {whole:6.2f} s   (limit 5 s)")
        one = seconds(*judge, "head")
        print(f"one revision on top of {REVISIONS:,}, beyond the start  {one - start:6.2f} s   (limit 1 s)")


if __name__ == "__main__":
    main()
