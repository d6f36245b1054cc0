"""Rename columns: the route of an application, the payload of a message."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("applications", "channel", new_column_name="route")
    # Stored values stay sealed for the column's old name: see `sealed_as` in the model.
    op.alter_column("messages", "told", new_column_name="payload")


def downgrade() -> None:
    op.alter_column("messages", "payload", new_column_name="told")
    op.alter_column("applications", "route", new_column_name="channel")
