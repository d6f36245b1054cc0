"""New PINs open once announced or confirmed; removed contacts are known a while; staff links ask first."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "removed_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_removed_contacts_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_contacts")),
    )
    for column in ("blind", "person_id", "removed_at"):
        op.create_index(op.f(f"ix_removed_contacts_{column}"), "removed_contacts", [column])
    op.add_column("staff", sa.Column("enrolment", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_staff_enrolment"), "staff", ["enrolment"])
    op.add_column("pin_requests", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    for name, kind in (
        ("notices", sa.Uuid()),
        ("cancels", sa.LargeBinary()),
        ("asker_cancels", sa.LargeBinary()),
    ):
        op.add_column("pin_requests", sa.Column(name, ARRAY(kind), server_default="{}", nullable=False))
    op.execute(CONFIRMED)
    op.execute(ANNOUNCED)
    # One link served all contacts, so it goes on to say nothing of whether somebody is there.
    op.execute("UPDATE pin_requests SET asker_cancels = ARRAY[cancel]")
    op.drop_column("pin_requests", "cancel")
    op.drop_column("pin_requests", "opens_at")


# What was confirmed opened before its three days.
CONFIRMED = """
UPDATE pin_requests SET confirmed_at = opens_at WHERE opens_at < asked_at + interval '71 hours'
"""
# The messages to the person's other contacts, or to the one that asked, which was written in the same moment.
ANNOUNCED = """
UPDATE pin_requests SET notices = coalesce(
    (SELECT array_agg(id) FROM messages WHERE kind = 'pin_asked'
        AND messages.person_id = pin_requests.person_id AND created_at >= asked_at - interval '2 seconds'),
    (SELECT array_agg(id) FROM messages WHERE kind = 'pin_asked' AND messages.person_id IS NULL
        AND created_at BETWEEN asked_at - interval '2 seconds' AND asked_at),
    '{}')
"""


def downgrade() -> None:
    op.add_column("pin_requests", sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pin_requests", sa.Column("cancel", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE pin_requests SET cancel = coalesce(asker_cancels[1], claim), "
        "opens_at = coalesce(confirmed_at, asked_at + interval '72 hours')"
    )
    op.alter_column("pin_requests", "opens_at", nullable=False)
    op.alter_column("pin_requests", "cancel", nullable=False)
    op.create_unique_constraint(op.f("uq_pin_requests_cancel"), "pin_requests", ["cancel"])
    for name in ("asker_cancels", "cancels", "notices", "confirmed_at"):
        op.drop_column("pin_requests", name)
    op.drop_column("staff", "enrolment")
    op.drop_table("removed_contacts")
