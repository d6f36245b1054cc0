"""`oim keys`: the key ring, and sealing again what older keys sealed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, progress_bar, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.features.cv import BLOB_PREFIX
from oim.kit.blobs import reseal_blobs, sealing_key_ids
from oim.kit.crypto import Vault, change_ring, create_ring, read_ring, with_new_key, without_key
from oim.kit.crypto.vault import RELOAD_INTERVAL
from oim.kit.db import Database
from oim.kit.db.rotation import keys_in_use, reseal
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

app = typer.Typer(help=t("The keys that seal personal data."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


@app.command("make", help=t("Make a key ring in a file. Example: oim keys make /etc/oim/ring.json"))
def make(file: Path) -> None:
    """A new ring; one that is there stays."""
    if not create_ring(file):
        raise ConflictError(mark("%(file)s is there already, and stays as it is."), file=file)
    output.print(t("Made %(file)s. Keep a copy apart from the database and its backups.", file=file))


@app.command("list", help=t("List the keys, and which of them seal anything. Example: oim keys list"))
def list_(json_: AsJson = False) -> None:
    """One line a key."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        ring, used = read_ring(settings.ring_file), _find_used_keys(settings)
    rows = [{"id": id_, "current": id_ == ring.current, "used": id_ in used} for id_ in ring.keys]
    if json_:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        said = t("in use") if row["used"] else t("seals nothing")
        output.print(f"{'*' if row['current'] else ' '} {row['id']}  {said}", markup=False)


@app.command("rotate", help=t("Add a key, and seal everything again by it, while OIM runs. "
                              "Example: oim keys rotate"))  # fmt: skip
def rotate(json_: AsJson = False) -> None:
    """Cut off half-way, run again: it goes on with one key more."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        change_ring(settings.ring_file, with_new_key)
        time.sleep(2 * RELOAD_INTERVAL)  # by then every process seals by the new key
        vault = Vault(settings.ring_file)
        done = _reseal(settings, vault)
    current = vault.ring.current
    if json_:
        typer.echo(json.dumps({"current": current, "sealed": done}))
        return
    output.print(t("Key %(id)s seals now; %(done)s values were sealed again by it.", id=current, done=done))


@app.command("drop", help=t("Forget a key that seals nothing here. Backups that it sealed stay shut. "
                            "Example: oim keys drop 5f3a09c1"))  # fmt: skip
def drop(id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Refused while anything is sealed by it."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        without_key(read_ring(settings.ring_file), id_)  # is refused before anything is looked through
        if id_ in _find_used_keys(settings):
            raise ConflictError(mark("Key %(id)s still seals something: rotate first."), id=id_)
        change_ring(settings.ring_file, lambda ring: without_key(ring, id_))
    output.print(t("Key %(id)s is forgotten.", id=id_))


def _reseal(settings: Settings, vault: Vault) -> int:
    database, blobs = Database(settings.database_url, vault), bootstrap.blobs(settings)
    with progress_bar() as bar:
        task = bar.add_task(t("Sealing"), total=None, detail="")
        done = reseal(database, vault, lambda some: bar.advance(task, some))
        done += sum(1 for _ in reseal_blobs(blobs, vault, BLOB_PREFIX))
    database.close()
    return done


def _find_used_keys(settings: Settings) -> set[str]:
    database, blobs = Database(settings.database_url, pool_size=1), bootstrap.blobs(settings)
    with database.read() as session:
        used = keys_in_use(session)
    database.close()
    return used | set(sealing_key_ids(blobs, BLOB_PREFIX))
