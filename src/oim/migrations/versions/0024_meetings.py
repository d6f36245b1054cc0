"""Applications get the hour and, sealed, the place of a meeting, and whether a summary goes with the CV."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("next_hour", sa.Time(), nullable=True))
    op.add_column("applications", sa.Column("next_place", sa.LargeBinary(), nullable=True))
    op.add_column(
        "applications",
        sa.Column("shares_summary", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("applications", "shares_summary")
    op.drop_column("applications", "next_place")
    op.drop_column("applications", "next_hour")
