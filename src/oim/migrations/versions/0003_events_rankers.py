"""Create the tables of events (offers shown, opened, applied to), and of the rankers learned from them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("features", JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    # Unique: opening an offer of one list twice is one event.
    op.create_index(
        op.f("ix_events_list_id_opportunity_id_kind"),
        "events",
        ["list_id", "opportunity_id", "kind"],
        unique=True,
    )
    op.create_index(op.f("ix_events_at"), "events", ["at"], unique=False)
    op.create_table(
        "rankers",
        sa.Column("version", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("artefact", JSONB(), nullable=False),
        sa.Column("card", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rankers")),
    )
    # A history, so that a switch can be undone; a version of NULL is the documented weights.
    op.create_table(
        "ranker_uses",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"], ["rankers.version"], name=op.f("fk_ranker_uses_version_rankers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranker_uses")),
    )


def downgrade() -> None:
    for table in ("ranker_uses", "rankers", "events"):
        op.drop_table(table)
