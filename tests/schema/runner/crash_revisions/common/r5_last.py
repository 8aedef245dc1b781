"""A small revision after the large ones."""

import sqlalchemy as sa
from alembic import op

revision = "last5"
down_revision = "rows4"
AT_ONCE = False


def upgrade():
    op.create_table("last", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("last")
