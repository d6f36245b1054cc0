"""Cautions of the last hour are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_opportunities_cautioned_at",
        "opportunities",
        ["cautioned_at"],
        postgresql_where=sa.text("cautioned_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_opportunities_cautioned_at", table_name="opportunities")
