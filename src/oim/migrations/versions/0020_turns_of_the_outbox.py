"""Rows of the outbox that wait for a position are found by their share: a flood is not read for a turn."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_UNNUMBERED = sa.text("position IS NULL")


def upgrade() -> None:
    op.drop_index("ix_outbox_unnumbered", table_name="outbox")
    op.create_index("ix_outbox_unnumbered", "outbox", ["topic", "share", "id"], postgresql_where=_UNNUMBERED)


def downgrade() -> None:
    op.drop_index("ix_outbox_unnumbered", table_name="outbox")
    op.create_index("ix_outbox_unnumbered", "outbox", ["topic", "id"], postgresql_where=_UNNUMBERED)
