"""`oim erasures`: erase again the people whom a restored backup brought back."""

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
    """Declare a group: an app of a single command, run alone, would take no command name (`replay`)."""


@app.command("replay", help=t("Erase again whoever of the journal is back, as after a restore from a backup. "
                              "Example: oim erasures replay"))  # fmt: skip
def replay(json_: AsJson = False) -> None:
    """Erase everybody in the journal of erasures who is in the database again; safe to repeat.

    The journal lies outside the database, so a backup does not restore an older one.
    """
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        database = bootstrap.database(settings)
        erased_again = rights.replay_journal(database, bootstrap.blobs(settings))
        database.close()
    if json_:
        typer.echo(json.dumps({"erased": erased_again}))
    else:
        output.print(
            t.plural("%(count)s person erased again.", "%(count)s people erased again.", erased_again)
        )
