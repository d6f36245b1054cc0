"""Create the table of new PINs that people asked for, and give staff their recovery codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pin_requests",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("contact_blind", sa.LargeBinary(), nullable=False),
        sa.Column("claim", sa.LargeBinary(), nullable=False),
        sa.Column("cancel", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_pin_requests_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_pin_requests")),
        sa.UniqueConstraint("claim", name=op.f("uq_pin_requests_claim")),
        sa.UniqueConstraint("cancel", name=op.f("uq_pin_requests_cancel")),
    )
    # Members of before have none until their authenticator is set up again.
    op.add_column(
        "staff", sa.Column("recovery_codes", ARRAY(sa.LargeBinary()), nullable=False, server_default="{}")
    )


def downgrade() -> None:
    op.drop_column("staff", "recovery_codes")
    op.drop_table("pin_requests")
