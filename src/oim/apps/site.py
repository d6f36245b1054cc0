"""The site process, which serves the web pages and the REST API on one port: `python -m oim.apps.site`.

Where several processes serve, one imports the program once and forks them: they share its memory.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from socket import socket
from typing import Any

import uvicorn
from fastapi import FastAPI

from oim.apps.forks import Heartbeat, run_forks
from oim.apps.http_server import run_server, server_options
from oim.apps.process_start import exit_on_error, load_settings
from oim.channels.http.connections import Limits
from oim.kit.environment import FOLDER_OF_METRICS
from oim.kit.faults import publish_faults
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging


def main() -> None:
    """Serve at `OIM_HOST` and `OIM_PORT` until the process is stopped."""
    with exit_on_error():
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format)
        if settings.site_processes > 1:
            _run_several(settings)
        else:
            config = uvicorn.Config(_app_factory(settings)(), **_options(settings))
            with config.bind_socket() as listening:
                run_server(config, listening)


def _app_factory(settings: Settings) -> Callable[[], FastAPI]:
    """Load what the application consists of, and return the function that creates it."""
    # `prometheus_client`, which comes with it, looks for the folder of metrics when it is imported.
    from oim.apps.site_app import create_app  # noqa: PLC0415
    from oim.channels.web import load_templates  # noqa: PLC0415

    load_templates()  # before a fork: each would read them again, into memory of its own
    return partial(create_app, settings)


def _run_several(settings: Settings) -> None:
    """Serve by several forks at one port; exits with status 1 when one's first start fails."""
    with tempfile.TemporaryDirectory(prefix="oim-metrics-") as folder:
        os.environ[FOLDER_OF_METRICS] = folder
        # Each fork calls the factory: connections and threads are its own.
        config = uvicorn.Config(_app_factory(settings), factory=True, **_options(settings))
        with config.bind_socket() as shared:
            names = [f"site {number}" for number in range(1, settings.site_processes + 1)]
            heartbeats = {name: Heartbeat() for name in names}
            targets = {name: partial(_serve, config, shared, heartbeats[name]) for name in names}
            publish = partial(publish_faults, settings.home, "site")
            status = run_forks(targets, _end_orderly, publish, heartbeats)
    if status:
        sys.exit(status)


def _serve(config: uvicorn.Config, shared: socket, heartbeat: Heartbeat) -> None:
    """Serve in a fork."""
    with exit_on_error():
        run_server(config, shared, heartbeat.beat)


def _end_orderly() -> None:
    # uvicorn first finishes the requests that it has.
    os.kill(os.getpid(), signal.SIGTERM)


def _options(settings: Settings) -> dict[str, Any]:
    limits = Limits(proxies=settings.proxies)
    return {"host": settings.host, "port": settings.port, **server_options(limits)}


if __name__ == "__main__":
    main()
