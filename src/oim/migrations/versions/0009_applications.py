"""Create the tables of applications, their stages and outcomes, and of anonymous monthly counts (tallies)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("letter", sa.LargeBinary(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("next_words", sa.LargeBinary(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_in", sa.Date(), nullable=True),
        # Nobody is turned down without a suggestion of what to do next.
        sa.CheckConstraint(
            "stage <> 'not_retained' OR next_step IS NOT NULL", name=op.f("ck_applications_next_step")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_applications_document_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_applications_opportunity_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_applications_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_applications_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    op.create_index(op.f("ix_applications_document_id"), "applications", ["document_id"], unique=False)
    op.create_index(
        op.f("ix_applications_organisation_id_created_at_id"),
        "applications",
        ["organisation_id", "created_at", "id"],
        unique=False,
    )
    # Unique: a person has one application to an offer, which can be withdrawn and sent again.
    op.create_index(
        op.f("ix_applications_person_id_opportunity_id"),
        "applications",
        ["person_id", "opportunity_id"],
        unique=True,
    )
    op.create_table(
        "application_stages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_stages_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_stages")),
    )
    op.create_index(
        op.f("ix_application_stages_application_id_id"),
        "application_stages",
        ["application_id", "id"],
        unique=False,
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("counted_in", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_outcomes_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_outcomes_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    op.create_index(
        op.f("ix_outcomes_application_id_day"), "outcomes", ["application_id", "day"], unique=True
    )
    op.create_index(op.f("ix_outcomes_due_on"), "outcomes", ["due_on"], unique=False)
    op.create_index(op.f("ix_outcomes_person_id_due_on"), "outcomes", ["person_id", "due_on"], unique=False)
    # Counts outlive the applications that they count, and name nobody.
    op.create_table(
        "tallies",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_tallies_count")),
        sa.PrimaryKeyConstraint("month", "what", "kind", "region", "answer", name=op.f("pk_tallies")),
    )


def downgrade() -> None:
    op.drop_table("tallies")
    op.drop_index(op.f("ix_outcomes_person_id_due_on"), table_name="outcomes")
    op.drop_index(op.f("ix_outcomes_due_on"), table_name="outcomes")
    op.drop_index(op.f("ix_outcomes_application_id_day"), table_name="outcomes")
    op.drop_table("outcomes")
    op.drop_index(op.f("ix_application_stages_application_id_id"), table_name="application_stages")
    op.drop_table("application_stages")
    op.drop_index(op.f("ix_applications_person_id_opportunity_id"), table_name="applications")
    op.drop_index(op.f("ix_applications_organisation_id_created_at_id"), table_name="applications")
    op.drop_index(op.f("ix_applications_document_id"), table_name="applications")
    op.drop_table("applications")
