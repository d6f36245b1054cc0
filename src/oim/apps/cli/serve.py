"""`oim serve engine` and `oim serve site`: run one part alone, on a machine of its own.

Other processes reach the engine by setting `OIM_ENGINE_URL` to it.
"""

from __future__ import annotations

import os

import typer

from oim.apps.cli.terminal import output, report, t
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

ADDRESS = "http://127.0.0.1:8001"
HELP = t(
    "Serve the matching engine over HTTP at OIM_ENGINE_URL; OIM_ENGINE_TOKEN is its secret. "
    "Example: oim serve engine"
)

SITE_HELP = t(
    "Serve the web pages and the API at OIM_HOST and OIM_PORT, by OIM_SITE_PROCESSES processes. "
    "Example: oim serve site"
)

app = typer.Typer()


@app.command("engine", help=HELP)
def engine() -> None:
    """Serve until Ctrl-C. Raises BadInputError if no token is set."""
    from oim.apps import engine as engine_process
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import end_with_servers, running_services

    environment = Settings()
    # `oim up` makes up a token and hands it to its own processes; other processes must be given ours.
    if not environment.engine_token.get_secret_value():
        raise BadInputError(mark("Set OIM_ENGINE_TOKEN to a secret that the engine and its callers share."))
    address = ADDRESS if environment.engine_url == EMBEDDED else environment.engine_url
    with running_services(
        environment.model_copy(update={"engine_url": address}), ("postgres",), report, prepare_database
    ) as settings:
        end_with_servers(settings)
        output.print(t("The engine serves at %(address)s. Ctrl-C stops it.", address=address))
        engine_process.serve(settings)


@app.command("site", help=SITE_HELP)
def site() -> None:
    """Serve until Ctrl-C; servers that the settings give no URL run meanwhile, but no worker."""
    from oim.apps import site as site_process
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import end_with_servers, running_services
    from oim.apps.up.services import build_environment, local_address

    services = ("postgres", "valkey", "engine")
    with running_services(Settings(), services, report, prepare_database) as settings:
        end_with_servers(settings)
        # Each process of the site reads its settings from the environment.
        environment = build_environment(settings)
        os.environ.clear()
        os.environ.update(environment)
        # Not the public address, nor that of another site: a stack that runs on this home may have one.
        address = local_address(settings)
        output.print(
            t("The pages and the API are served at %(address)s. Ctrl-C stops them.", address=address)
        )
        site_process.main()
