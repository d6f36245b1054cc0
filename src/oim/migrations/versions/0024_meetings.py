"""Applications get the hour and, sealed, the place of a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("next_hour", sa.Time(), nullable=True))
    op.add_column("applications", sa.Column("next_place", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("applications", "next_place")
    op.drop_column("applications", "next_hour")
