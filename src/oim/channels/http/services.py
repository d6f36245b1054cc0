"""The services that routes and pages call, and the dependency that provides them (`ServicesOf`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from oim.channels.http.offer_cache import OfferCache
from oim.channels.http.operator import Operator
from oim.features.matching import Engine
from oim.features.sign_in import SignInServices
from oim.kit.blobs import Blobs
from oim.kit.db import Database
from oim.kit.faults import FindFaults, no_faults


@dataclass(frozen=True, slots=True)
class Services:
    """The database, the matching engine, the services of signing in, and the store of files (`blobs`).

    `offers` are those of the database, cached while the catalogue keeps its version. `find_faults` finds what
    of OIM does not work. `address` is that of the pages, for links that are passed on: `https://oim.example`.
    Without `metrics_token` nobody reads the metrics. `operator`: who runs this instance.
    """

    database: Database
    engine: Engine
    sign_in: SignInServices
    blobs: Blobs
    find_faults: FindFaults = no_faults
    address: str = ""
    metrics_token: str = field(default="", repr=False)
    operator: Operator = field(default_factory=Operator)
    offers: OfferCache = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "offers", OfferCache(self.database))  # the class is frozen


# `async`, as every dependency that waits for nothing: others are called in a thread each.
async def _get_services(request: Request) -> Services:
    """The services of the application that serves a request."""
    # `state` accepts any attribute; whoever creates the application sets this one.
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(_get_services)]
