"""Applications that many tests share: FastAPI builds every route anew for each, which takes half a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def replace_services(app: Any, services: Services) -> Iterator[None]:
    """Let an application call other services within the block."""
    before = unwrap_app(app).state.services
    set_services(app, services)
    try:
        yield
    finally:
        set_services(app, before)
