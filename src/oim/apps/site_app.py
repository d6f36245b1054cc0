"""The ASGI application of the site: the web pages and the REST API."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from fastapi import FastAPI

from oim import bootstrap
from oim.apps.up.services import site_address
from oim.channels import rest, web
from oim.channels.http.framing import FramingGuard
from oim.channels.http.hosts import HostGuard
from oim.channels.http.operator import create_operator
from oim.channels.http.services import Services
from oim.channels.http.whole_bodies import WholeBodies
from oim.kit.db import SITE
from oim.kit.faults import read_faults
from oim.kit.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Create the ASGI application: the API at `/v1`, `/docs`, `/healthz` and `/metrics`, pages elsewhere."""
    services = Services(
        database=bootstrap.database(settings, timeouts=SITE),
        engine=bootstrap.engine(settings),
        sign_in=bootstrap.sign_in_services(settings),
        blobs=bootstrap.blobs(settings),
        find_faults=partial(read_faults, settings.home.absolute()),
        address=site_address(settings),
        metrics_token=settings.metrics_token.get_secret_value(),
        operator=create_operator(settings),
    )
    app = rest.create_app(services)
    # An application of its own behind the API's routes: error handlers and middleware differ for pages.
    web.install(app, services)
    names = [urlsplit(services.address).hostname or "", settings.host, *settings.hosts.split(",")]
    app.add_middleware(HostGuard, names=[name.strip() for name in names])
    app.add_middleware(WholeBodies)
    app.add_middleware(FramingGuard)
    return app
