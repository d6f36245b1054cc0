"""Building of an application's routes before it serves."""

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts


def build_routes(app: FastAPI) -> None:
    """Build every route of the routers that an application includes.

    FastAPI builds them when a request first looks through them: for half a second nobody else is answered.
    """
    for _ in iter_route_contexts(app.routes):
        pass
