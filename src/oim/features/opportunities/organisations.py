"""Organisations that publish: found by name, named by id, verified."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from oim.features.opportunities.models import OrganisationRow
from oim.kit.db import ReadSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark
from oim.kit.text import fold


def organisation_named(session: ReadSession, name: str) -> UUID:
    """The organisation of a name as published, accents and capitals aside. Raises NotFoundError."""
    found = session.scalar(select(OrganisationRow.id).where(OrganisationRow.name_key == fold(name)))
    if found is None:
        raise NotFoundError(mark("No organisation here is called %(name)s."), name=name)
    return found


def organisation_names(session: ReadSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id; unknown ids are left out."""
    rows = session.execute(
        select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.id.in_(list(ids)))
    )
    return dict(rows.all())
