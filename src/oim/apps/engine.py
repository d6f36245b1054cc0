"""The engine process, which owns the vector index and the embedder: `python -m oim.apps.engine`."""

from __future__ import annotations

from urllib.parse import urlsplit

import uvicorn

from oim import bootstrap
from oim.channels.engine import create_engine_app
from oim.kit.environment import drop_foreign_variables
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging


def main() -> None:
    """Serve at `OIM_ENGINE_URL` until the process is stopped."""
    drop_foreign_variables()
    settings = Settings()
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
        log_config=None,  # uvicorn's own handlers would not strip personal data
        access_log=False,
    )


if __name__ == "__main__":
    main()
