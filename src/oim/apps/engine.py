"""The engine process, which owns the vector index and the embedder: `python -m oim.apps.engine`."""

from __future__ import annotations

from urllib.parse import urlsplit

import uvicorn

from oim import bootstrap
from oim.apps.http_server import server_options
from oim.apps.process_start import exit_on_error, load_settings
from oim.channels.engine import create_engine_app
from oim.channels.http.connections import Limits
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging


def main() -> None:
    """Serve at `OIM_ENGINE_URL` until the process is stopped."""
    with exit_on_error():
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format)
        serve(settings)


def serve(settings: Settings) -> None:
    """Serve until the process is stopped; `settings.engine_url` must already be a URL, not `embedded`."""
    # The URL that callers use is also the address to listen on; 8001 is the port when it names none.
    address = urlsplit(settings.engine_url)
    app = create_engine_app(bootstrap.local_engine(settings), settings.engine_token.get_secret_value())
    uvicorn.run(
        app,
        host=address.hostname or "127.0.0.1",
        port=address.port or 8001,
        **server_options(Limits(per_address=Limits().total)),  # few sites ask, each from one address
    )


if __name__ == "__main__":
    main()
