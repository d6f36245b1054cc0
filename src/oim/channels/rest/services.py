"""What the routes call: the database, the matching engine, the doors to sign in by, the files."""

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
    """What every route may call."""

    database: Database
    engine: Engine
    sign_in: SignInServices
    blobs: Blobs


def _get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(_get_services)]
