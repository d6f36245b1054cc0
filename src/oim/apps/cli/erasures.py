"""`oim erasures`: who was erased stays erased, whatever backup is restored."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.features import rights
from oim.kit.settings import Settings

app = typer.Typer(help=t("People who were erased."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


@app.callback()
def erasures() -> None:
    """Group what concerns them."""


@app.command("replay", help=t("Erase again whoever of the journal is back, as after a restore from a backup. "
                              "Example: oim erasures replay"))  # fmt: skip
def replay(json_: AsJson = False) -> None:
    """Safe to repeat."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        database = bootstrap.database(settings)
        again = rights.replay_journal(database, bootstrap.blobs(settings))
        database.close()
    if json_:
        typer.echo(json.dumps({"erased": again}))
    else:
        output.print(t.plural("%(count)s person erased again.", "%(count)s people erased again.", again))
