"""Add trust: known sources, verified organisations, screening results of offers, reports and reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANTS = ("held_at", "released_at", "withdrawn_at")


def upgrade() -> None:
    op.add_column("organisations", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("known_at", sa.DateTime(timezone=True), nullable=True))
    # The shipped sample is ours, so it is known; other sources wait for `oim trust known`.
    op.execute("UPDATE sources SET known_at = now() WHERE slug = 'sample'")
    op.add_column(
        "opportunities",
        sa.Column(
            "flags",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    for name in INSTANTS:
        op.add_column("opportunities", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_opportunities_held_at"),
        "opportunities",
        ["held_at"],
        unique=False,
        postgresql_where=sa.text("held_at IS NOT NULL"),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("reporter", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_reports_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reports_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_person_id"), "reports", ["person_id"], unique=False)
    # One open report per reporter and offer; after a decision the same person may report the offer again.
    op.create_index(
        op.f("ix_reports_opportunity_id_reporter"),
        "reports",
        ["opportunity_id", "reporter"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_reviews_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_opportunity_id_at"), "reviews", ["opportunity_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reviews_opportunity_id_at"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("ix_reports_opportunity_id_reporter"), table_name="reports")
    op.drop_index(op.f("ix_reports_person_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_opportunities_held_at"), table_name="opportunities")
    for name in (*INSTANTS, "flags"):
        op.drop_column("opportunities", name)
    op.drop_column("sources", "known_at")
    op.drop_column("organisations", "verified_at")
