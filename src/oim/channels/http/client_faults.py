"""What a client does wrong is no error of ours: one short line, without a stack trace."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from oim.kit.telemetry import logger


def handle_client_faults(app: FastAPI) -> None:
    """Have an application note clients that leave in the middle of their own request, and go on."""
    app.add_exception_handler(ClientDisconnect, _note_disconnect)


def _note_disconnect(_: Request, __: Exception) -> Response:
    """Note that a body ended before it was complete. Nobody is there to read the answer."""
    logger(__name__).info("a client left before its request was complete")
    return Response(status_code=400)
