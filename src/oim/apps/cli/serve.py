"""`oim serve engine`: the matching engine alone, for other processes that name it by `OIM_ENGINE_URL`."""

from __future__ import annotations

import typer

from oim.apps import engine as engine_process
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

ADDRESS = "http://127.0.0.1:8001"
HELP = t(
    "Serve the matching engine over HTTP at OIM_ENGINE_URL; OIM_ENGINE_TOKEN is its secret. "
    "Example: oim serve engine"
)

app = typer.Typer(no_args_is_help=True, help=t("Serve one part of OIM on its own. Example: oim serve engine"))


@app.callback()
def serve() -> None:
    """Group the parts."""


@app.command("engine", help=HELP)
def engine() -> None:
    """Serve until Ctrl-C."""
    told = Settings()
    if not told.engine_token.get_secret_value():
        raise BadInputError(mark("Set OIM_ENGINE_TOKEN to a secret that the engine and its callers share."))
    address = ADDRESS if told.engine_url == EMBEDDED else told.engine_url
    with running_services(
        told.model_copy(update={"engine_url": address}), ("postgres",), report, prepare_database
    ) as settings:
        output.print(t("The engine serves at %(address)s. Ctrl-C stops it.", address=address))
        engine_process.serve(settings)
