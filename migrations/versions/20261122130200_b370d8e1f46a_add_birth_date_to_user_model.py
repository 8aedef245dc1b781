"""Add birth_date to User model

Revision ID: b370d8e1f46a
Revises: 8e24b6c9d015
Create Date: 2026-11-22 13:02:00+00:00

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "b370d8e1f46a"
down_revision = "8e24b6c9d015"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("user", sa.Column("birth_date", sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("birth_date")
