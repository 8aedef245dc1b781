"""add author

Revision ID: aaaa2222
Revises: aaaa1111
"""

import sqlalchemy as sa
from alembic import op

revision = "aaaa2222"
down_revision = "aaaa1111"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("book", sa.Column("author", sa.String(100)))


def downgrade():
    with op.batch_alter_table("book") as book:
        book.drop_column("author")
