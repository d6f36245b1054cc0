"""What every route and page may call, and how it gets it (`ServicesOf`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from oim.features.matching import Engine
from oim.features.sign_in import SignInServices
from oim.kit.blobs import Blobs
from oim.kit.db import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The database, the matching engine, what signing in works with, and the store of files."""

    database: Database
    engine: Engine
    sign_in: SignInServices
    blobs: Blobs


def _get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(_get_services)]
