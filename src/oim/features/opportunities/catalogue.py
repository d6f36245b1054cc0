"""The version of the catalogue: it changes with whatever the public sees of the offers.

Pages that were made from one version can be shown for as long as it is the present one. See decision 21.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from oim.features.opportunities.models import CatalogueRow
from oim.kit.db import ReadSession, WriteSession

# Random rather than counted: after a restore from a backup a number would come again, with other offers.
_VERSION = func.gen_random_uuid()
_CHANGE = (
    insert(CatalogueRow)
    .values(id=1, version=_VERSION)
    .on_conflict_do_update(index_elements=[CatalogueRow.id], set_={"version": _VERSION})
)


def change_catalogue(session: WriteSession) -> None:
    """Give the catalogue a new version, in the transaction that changes what the public sees of an offer."""
    session.execute_last(_CHANGE)


def load_catalogue_version(session: ReadSession) -> UUID | None:
    """The present version of the catalogue; None while there has never been an offer."""
    return session.scalar(select(CatalogueRow.version))
