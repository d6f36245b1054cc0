"""Offers say how they are answered. NULL: not read yet, the task `ingestion.fill_ways` reads those."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opportunities", sa.Column("apply", JSONB(), nullable=True))
    op.create_index(
        "ix_opportunities_ways_unread", "opportunities", ["id"], postgresql_where=sa.text("apply IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_opportunities_ways_unread", table_name="opportunities")
    op.drop_column("opportunities", "apply")
