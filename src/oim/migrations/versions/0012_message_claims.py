"""Give each message the claim of its last attempt, and index the codes that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("claim", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_messages_kind_not_before"),
        "messages",
        ["kind", "not_before"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    # The old program knows two ends of a message; both of these are nearer to the one that was not sent.
    op.execute("UPDATE messages SET state = 'given_up' WHERE state IN ('rejected', 'uncertain')")
    op.drop_index(op.f("ix_messages_kind_not_before"), "messages")
    op.drop_column("messages", "claim")
