"""What the pages call: the database, the matching engine, the offers, the doors to sign in by, the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request

from oim.features.matching import Engine
from oim.features.opportunities import Kind, Opportunity, Page
from oim.features.sign_in import SignInServices
from oim.kit.blobs import Blobs
from oim.kit.db import Database, ReadSession


class Catalogue(Protocol):
    """Reading offers, as `oim.features.opportunities` does it."""

    def get(self, session: ReadSession, id_: UUID, /) -> Opportunity:
        """One offer, open or not. Raises NotFoundError."""

    def get_many(self, session: ReadSession, ids: Sequence[UUID], /) -> dict[UUID, Opportunity]:
        """Offers by id; unknown ids are left out."""

    def list_newest(
        self, session: ReadSession, /, *, kind: Kind | None, region: str | None, after: str | None, limit: int
    ) -> Page:
        """The open offers, newest first. Raises BadInputError for a cursor that was never given."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every page may call."""

    database: Database
    engine: Engine
    catalogue: Catalogue
    sign_in: SignInServices
    blobs: Blobs


def _get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(_get_services)]
