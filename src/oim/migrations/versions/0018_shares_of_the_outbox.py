"""Rows of the outbox say by whose doing they were written, so that sources take turns."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("share", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("outbox", "share")
