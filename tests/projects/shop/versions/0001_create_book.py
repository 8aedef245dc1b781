"""create book

Revision ID: aaaa1111
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "aaaa1111"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(100), nullable=False),
    )


def downgrade():
    op.drop_table("book")
