"""Create the tables of saved offers, dismissed offers and saved searches; add the sector of an offer."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from oim.features.occupations import sector_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("saved_offers", "dismissed_offers"):
        reason = [sa.Column("reason", sa.Text(), nullable=False)] if table == "dismissed_offers" else []
        op.create_table(
            table,
            sa.Column("person_id", sa.Uuid(), nullable=False),
            sa.Column("opportunity_id", sa.Uuid(), nullable=False),
            *reason,
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["opportunity_id"],
                ["opportunities.id"],
                name=op.f(f"fk_{table}_opportunity_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("person_id", "opportunity_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_opportunity_id"), table, ["opportunity_id"], unique=False)
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_searches_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index(
        op.f("ix_saved_searches_person_id_blind"), "saved_searches", ["person_id", "blind"], unique=True
    )
    op.add_column("opportunities", sa.Column("sector", sa.Text(), nullable=True))
    _fill_sectors(op.get_bind())
    op.create_index(op.f("ix_opportunities_sector"), "opportunities", ["sector"], unique=False)
    op.create_index(op.f("ix_opportunities_first_seen_at"), "opportunities", ["first_seen_at"], unique=False)
    op.create_index(
        op.f("ix_opportunities_latitude_longitude"),
        "opportunities",
        ["latitude", "longitude"],
        unique=False,
    )
    # Partial: few offers were ever held and released.
    op.create_index(
        op.f("ix_opportunities_released_at"),
        "opportunities",
        ["released_at"],
        unique=False,
        postgresql_where=sa.text("released_at IS NOT NULL"),
    )


def _fill_sectors(connection: sa.Connection) -> None:
    """Set the sector of the offers already stored: later runs do not write an offer that is unchanged."""
    rows = connection.execute(
        sa.text("SELECT id, occupations, details ->> 'sector' AS told FROM opportunities")
    )
    ids_by_sector = defaultdict(list)
    for row in rows:
        ids_by_sector[sector_of(row.occupations, row.told)].append(row.id)
    # One update per sector rather than one per offer.
    for sector, ids in ids_by_sector.items():
        if sector is not None:
            connection.execute(
                sa.text("UPDATE opportunities SET sector = :sector WHERE id = ANY(:ids)"),
                {"sector": sector.value, "ids": ids},
            )


def downgrade() -> None:
    op.drop_index(op.f("ix_opportunities_released_at"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_latitude_longitude"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_first_seen_at"), table_name="opportunities")
    op.drop_index(op.f("ix_opportunities_sector"), table_name="opportunities")
    op.drop_column("opportunities", "sector")
    op.drop_index(op.f("ix_saved_searches_person_id_blind"), table_name="saved_searches")
    op.drop_table("saved_searches")
    for table in ("dismissed_offers", "saved_offers"):
        op.drop_index(op.f(f"ix_{table}_opportunity_id"), table_name=table)
        op.drop_table(table)
