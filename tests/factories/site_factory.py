"""Applications that many tests share: FastAPI builds every route anew for each, which takes half a second."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from oim.channels.http.services import Services


def unwrap_app(app: Any) -> FastAPI:
    """The application under its middleware."""
    while not isinstance(app, FastAPI):
        app = app.app
    return app


def set_services(app: Any, services: Services) -> None:
    """Let an application that is made already call these services."""
    unwrap_app(app).state.services = services
