"""An honest and two fraudulent offers for tests of trust, ingested like those of any source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from oim.features.ingestion import Counts, ingest_offers
from oim.features.opportunities import Draft, EmploymentDetails, Kind, Standing, lock_standings
from oim.features.opportunities.rows import make_offer_id
from oim.kit.db import Database

SOURCE = "portal"
HONEST = Draft(
    kind=Kind.EMPLOYMENT,
    external_id="honest",
    title="Menuisier",
    description="Vous fabriquez des lits et des tables. Aucun frais n’est demandé. Passez à l’atelier.",
    organisation="Atelier Mbo",
    details=EmploymentDetails(),
)
FEE = "Envoyez 10 000 F par Orange Money."
FRAUD = replace(HONEST, external_id="fraud", description=FEE)
WORSE = replace(FRAUD, description=f"{FEE} Déposez votre passeport à l’agence.")


def id_of(draft: Draft, source: str = SOURCE) -> UUID:
    """The id under which a draft is stored."""
    return make_offer_id(source, draft.external_id)


def ingest_drafts(database: Database, *drafts: Draft, source: str = SOURCE) -> Counts:
    """Ingest drafts as one run of a source."""
    return ingest_offers(database, list(drafts), source=source, origin="offers.csv", format_name="csv")


def standing_of(database: Database, draft: Draft, source: str = SOURCE) -> Standing:
    """The stored standing of a draft's offer."""
    with database.write() as session:
        return lock_standings(session, [id_of(draft, source)])[id_of(draft, source)]


def flags_of(database: Database, draft: Draft) -> Sequence[str]:
    """The codes of the stored red flags of a draft's offer."""
    return [flag.code for flag in standing_of(database, draft).flags]
