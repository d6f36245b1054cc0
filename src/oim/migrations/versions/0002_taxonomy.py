"""Create the tables of ESCO: concepts (occupations, skills and their groups), labels and relations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _concept_key(table: str, column: str) -> sa.ForeignKeyConstraint:
    """A foreign key to a concept, whose rows go with it."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["taxonomy_concepts.uri"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "taxonomy_concepts",
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("isco", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('group', 'occupation', 'skill_group', 'skill')", name=op.f("ck_taxonomy_concepts_kind")
        ),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_taxonomy_concepts")),
    )
    op.create_index(op.f("ix_taxonomy_concepts_isco"), "taxonomy_concepts", ["isco"], unique=False)
    op.create_table(
        "taxonomy_labels",
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.CheckConstraint("sort IN ('preferred', 'alt', 'hidden')", name=op.f("ck_taxonomy_labels_sort")),
        _concept_key("taxonomy_labels", "uri"),
        sa.PrimaryKeyConstraint("uri", "language", "label", name=op.f("pk_taxonomy_labels")),
    )
    # The hierarchy: a concept may have several broader ones.
    op.create_table(
        "taxonomy_broader",
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("broader", sa.Text(), nullable=False),
        _concept_key("taxonomy_broader", "uri"),
        _concept_key("taxonomy_broader", "broader"),
        sa.PrimaryKeyConstraint("uri", "broader", name=op.f("pk_taxonomy_broader")),
    )
    op.create_index(op.f("ix_taxonomy_broader_broader"), "taxonomy_broader", ["broader"], unique=False)
    op.create_table(
        "taxonomy_occupation_skills",
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "relation IN ('essential', 'optional')", name=op.f("ck_taxonomy_occupation_skills_relation")
        ),
        _concept_key("taxonomy_occupation_skills", "occupation"),
        _concept_key("taxonomy_occupation_skills", "skill"),
        sa.PrimaryKeyConstraint("occupation", "skill", name=op.f("pk_taxonomy_occupation_skills")),
    )
    op.create_index(
        op.f("ix_taxonomy_occupation_skills_skill"), "taxonomy_occupation_skills", ["skill"], unique=False
    )


def downgrade() -> None:
    for table in (
        "taxonomy_occupation_skills",
        "taxonomy_broader",
        "taxonomy_labels",
        "taxonomy_concepts",
    ):
        op.drop_table(table)
