"""Add profile picture to user model

Revision ID: 8e24b6c9d015
Revises: 5d1c0f3a7b92
Create Date: 2026-11-22 13:01:00+00:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "8e24b6c9d015"
down_revision = "5d1c0f3a7b92"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("user", sa.Column("profile_picture", sa.String(length=255), nullable=True))


def downgrade():
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("profile_picture")
