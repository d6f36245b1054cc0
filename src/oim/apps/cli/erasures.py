"""`oim erasures`: erase again the people whom a restored backup brought back."""

from __future__ import annotations

import typer

from oim import bootstrap
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, t
from oim.kit.settings import Settings

app = typer.Typer()


@app.command(
    "replay",
    help=t(
        "Erase again the people of the journal who are back, as after a restore from a backup. "
        "Example: oim erasures replay"
    ),
)
def replay(json_: AsJson = False) -> None:
    """Erase everybody in the journal of erasures who is in the database again; safe to repeat.

    The journal lies outside the database, so a backup does not restore an older one.
    """
    from oim.apps.cli.database import open_database
    from oim.features import rights

    with open_database() as database:
        erased_again = rights.replay_journal(database, bootstrap.blobs(Settings()))
    if json_:
        print_json({"erased": erased_again})
    else:
        output.print(
            t.plural("%(count)s person erased again.", "%(count)s people erased again.", erased_again)
        )
