"""The site process, which serves the web pages and the REST API on one port: `python -m oim.apps.site`."""

from __future__ import annotations

import os
import signal
import tempfile
from typing import Any

import uvicorn
from fastapi import FastAPI

from oim import bootstrap
from oim.apps.forks import exit_with_parent
from oim.apps.process_start import exit_on_error, load_settings
from oim.channels import rest, web
from oim.channels.http.services import Services
from oim.channels.rest.operations import FOLDER_OF_METRICS
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging

# Seconds a process may take to answer uvicorn, which kills it otherwise: it first imports everything, which
# takes a slow machine longer than uvicorn's own 5 seconds.
START_TIMEOUT = 60


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
    with exit_on_error():
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format)
        if settings.site_processes == 1:
            _run(create_app(settings), settings)
        else:
            _run_several(settings)


def _run_several(settings: Settings) -> None:
    """Serve by several processes at one port; uvicorn starts them, and starts one that dies again."""
    with tempfile.TemporaryDirectory(prefix="oim-metrics-") as folder:
        # Read by `prometheus_client` when a process imports it.
        os.environ[FOLDER_OF_METRICS] = folder
        _run(
            "oim.apps.site:create_app_of_several",
            settings,
            factory=True,
            workers=settings.site_processes,
            timeout_worker_healthcheck=START_TIMEOUT,
        )


def create_app_of_several() -> FastAPI:
    """Create the application in one of several processes, by the settings of its environment."""
    with exit_on_error():
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format)
    # A parent that is killed cannot end its children, which would keep the port. In an orderly way: uvicorn
    # first finishes the requests that it has.
    exit_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    return create_app(settings)


def _run(app: FastAPI | str, settings: Settings, **options: Any) -> None:
    """Run uvicorn until it is stopped."""
    # No log_config: uvicorn would log through handlers of its own, which do not strip personal data.
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False, **options)


if __name__ == "__main__":
    main()
