"""The site process, which serves the web pages and the REST API on one port: `python -m oim.apps.site`."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

from oim import bootstrap
from oim.channels import rest, web
from oim.channels.http.services import Services
from oim.kit.environment import drop_foreign_variables
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging


def create_app(settings: Settings) -> FastAPI:
    """Create the ASGI application: the API at `/v1`, `/docs`, `/healthz` and `/metrics`, pages elsewhere."""
    services = Services(
        database=bootstrap.database(settings),
        engine=bootstrap.engine(settings),
        sign_in=bootstrap.sign_in_services(settings),
        blobs=bootstrap.blobs(settings),
    )
    app = rest.create_app(services)
    # An application of its own behind the API's routes: error handlers and middleware differ for pages.
    web.install(app, services)
    return app


def main() -> None:
    """Serve at `OIM_HOST` and `OIM_PORT` until the process is stopped."""
    drop_foreign_variables()
    settings = Settings()
    configure_logging(settings.log_level, settings.log_format)
    # No log_config: uvicorn would log through handlers of its own, which do not strip personal data.
    uvicorn.run(
        create_app(settings), host=settings.host, port=settings.port, log_config=None, access_log=False
    )


if __name__ == "__main__":
    main()
