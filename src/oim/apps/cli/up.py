"""`oim up`: run all of OIM on this machine, with an embedded database and message store."""

from __future__ import annotations

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.kit.settings import Settings


def up() -> None:
    """Run everything until Ctrl-C; exit 1 if a process cannot be started."""
    from oim.apps.up import run_stack as run

    run(Settings(), _prepare, _load_first_offers, _welcome, report)


def _prepare(settings: Settings) -> None:
    """Prepare the database, and erase again people whom a restored backup brought back, before it is used."""
    from oim.apps.cli.database import prepare_database
    from oim.features import rights

    prepare_database(settings)
    database = bootstrap.database(settings)
    try:
        rights.replay_journal(database, bootstrap.blobs(settings))
    finally:
        database.close()


def _load_first_offers(settings: Settings) -> None:
    """Load the sample offers where there are none, so that a first visit has something to show."""
    from oim.apps.cli.tools import create_tools, load_sample_if_empty

    load_sample_if_empty(create_tools(settings))


def _welcome(address: str) -> None:
    """Print the address, and three things to try first."""
    output.print(t("OIM runs at %(address)s. Ctrl-C stops it.", address=address))
    output.print(t("Three things to try:"))
    output.print(t("  1. Open %(address)s and say what you are looking for.", address=address))
    output.print(t("     To sign in there, read your code with .venv/bin/oim simulate inbox"))
    output.print('  2. .venv/bin/oim recommend --text "couturière à Bafoussam"')
    output.print(t("  3. Read the API at %(address)s/docs.", address=address))
