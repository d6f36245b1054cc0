"""Cautions of the last hour are counted; agents are written to when somebody applies."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_opportunities_cautioned_at",
        "opportunities",
        ["cautioned_at"],
        postgresql_where=sa.text("cautioned_at IS NOT NULL"),
    )
    # The defaults are for accounts of before, and for processes of the release before.
    op.add_column("staff", sa.Column("notices", sa.Text(), nullable=False, server_default="at_once"))
    op.add_column("staff", sa.Column("language", sa.Text(), nullable=False, server_default="fr"))
    op.add_column("staff", sa.Column("digested_at", sa.DateTime(timezone=True)))
    op.add_column("messages", sa.Column("staff_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_messages_staff_id", "messages", "staff", ["staff_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(
        "ix_messages_staff_id", "messages", ["staff_id"], postgresql_where=sa.text("staff_id IS NOT NULL")
    )


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE staff_id IS NOT NULL")
    op.drop_column("messages", "staff_id")
    for column in ("digested_at", "language", "notices"):
        op.drop_column("staff", column)
    op.drop_index("ix_opportunities_cautioned_at", table_name="opportunities")
