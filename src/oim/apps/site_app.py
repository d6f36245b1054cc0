"""The ASGI application of the site: the web pages and the REST API."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI

from oim import bootstrap
from oim.channels import rest, web
from oim.channels.http.services import Services
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
    )
    app = rest.create_app(services)
    # An application of its own behind the API's routes: error handlers and middleware differ for pages.
    web.install(app, services)
    return app
