"""Reports get a voice, whether it is proven, and when they hid their offer; offers get a caution."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With defaults, which a later release drops: processes from before this one go on beside the new tables
    # until they are restarted, and name neither column. Their reporters are one voice together till then.
    op.add_column("reports", sa.Column("voice", sa.LargeBinary(), server_default="", nullable=False))
    # Until now every reporter was a voice of their own; how long their contact was proven, nobody noted.
    op.execute("UPDATE reports SET voice = reporter")
    op.add_column("reports", sa.Column("is_proven", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("reports", sa.Column("hid_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_reports_at", "reports", ["at"])
    op.create_index(
        "ix_reports_hid_at", "reports", ["hid_at"], postgresql_where=sa.text("hid_at IS NOT NULL")
    )
    op.add_column("opportunities", sa.Column("cautioned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("opportunities", "cautioned_at")
    op.drop_index("ix_reports_hid_at", table_name="reports")
    op.drop_index("ix_reports_at", table_name="reports")
    for name in ("hid_at", "is_proven", "voice"):
        op.drop_column("reports", name)
