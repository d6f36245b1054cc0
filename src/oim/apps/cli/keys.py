"""`oim keys`: manage the key ring, and reseal with the current key what older keys sealed."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oim import bootstrap
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, progress_bar, report, t
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

if TYPE_CHECKING:
    from oim.kit.crypto import Vault


app = typer.Typer()
RingPath = Annotated[Path, typer.Argument(help=t("A file that is not there yet."))]


@app.command("make", help=t("Make a key ring in a file. Example: oim keys make /etc/oim/ring.json"))
def make(file: RingPath) -> None:
    """Create a key ring. Raises ConflictError if the file exists, since its keys may protect some data."""
    from oim.kit.crypto import RingFile

    if not RingFile(file).create():
        raise ConflictError(mark("%(file)s is there already, and stays as it is."), file=file)
    output.print(t("Made %(file)s. Keep a copy apart from the database and its backups.", file=file))


@app.command("list", help=t("List the keys, and which of them seal anything. Example: oim keys list"))
def list_(json_: AsJson = False) -> None:
    """Print one line per key, the current one marked with a star."""
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services

    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        ring, used_keys = bootstrap.key_source(settings).load(), _find_used_keys(settings)
    rows = [{"id": id_, "current": id_ == ring.current, "used": id_ in used_keys} for id_ in ring.keys]
    if json_:
        print_json({"keys": rows})
        return
    for row in rows:
        usage = t("in use") if row["used"] else t("seals nothing")
        output.print(f"{'*' if row['current'] else ' '} {row['id']}  {usage}", markup=False)


@app.command("rotate", help=t("Add a key, and seal everything again by it, while OIM runs. "
                              "Example: oim keys rotate"))  # fmt: skip
def rotate(json_: AsJson = False) -> None:
    """Add a key to the ring and reseal everything with it, while the other processes run.

    If it is interrupted, running it again completes the work, with one more new key.
    """
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services
    from oim.kit.crypto import Vault, with_new_key
    from oim.kit.crypto.vault import RELOAD_INTERVAL

    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        source = bootstrap.key_source(settings)
        source.change(with_new_key)
        # After this wait every process has read the new ring. Without it, a value that another process seals
        # with the old key behind the pass over its table would be missed.
        time.sleep(2 * RELOAD_INTERVAL)
        vault = Vault(source)
        done = _reseal(settings, vault)
    current = vault.ring.current
    if json_:
        print_json({"current": current, "sealed": done})
        return
    output.print(t("Key %(id)s seals now; %(done)s values were sealed again by it.", id=current, done=done))


@app.command("drop", help=t("Forget a key that seals nothing here. Backups that it sealed stay shut. "
                            "Example: oim keys drop 5f3a09c1"))  # fmt: skip
def drop(
    id_: Annotated[str, typer.Argument(metavar="ID", help=t("Its number, as oim keys list shows it."))],
) -> None:
    """Remove a key from the ring. Raises ConflictError while anything here is still sealed by it."""
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services
    from oim.kit.crypto import without_key

    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        # Refuse an unknown or current key before the slow search through all sealed values.
        source = bootstrap.key_source(settings)
        without_key(source.load(), id_)
        if id_ in _find_used_keys(settings):
            raise ConflictError(mark("Key %(id)s still seals something: rotate first."), id=id_)
        source.change(lambda ring: without_key(ring, id_))
    output.print(t("Key %(id)s is forgotten.", id=id_))


def _reseal(settings: Settings, vault: Vault) -> int:
    """Reseal every column and file with the current key; return how many values."""
    from oim.features.cv import BLOB_PREFIX
    from oim.kit.blobs import reseal_blobs
    from oim.kit.db.rotation import reseal

    blobs = bootstrap.blobs(settings)
    with closing(bootstrap.database(settings)) as database, progress_bar() as bar:
        task = bar.add_task(t("Sealing"), total=None, detail="")
        done = reseal(database, vault, lambda count: bar.advance(task, count))
        done += sum(1 for _ in reseal_blobs(blobs, vault, BLOB_PREFIX))
    return done


def _find_used_keys(settings: Settings) -> set[str]:
    """Return the ids of the keys that seal anything, in the database or in a file."""
    from oim.features.cv import BLOB_PREFIX
    from oim.kit.blobs import sealing_key_ids
    from oim.kit.db.rotation import keys_in_use

    with closing(bootstrap.database(settings, pool_size=1)) as database, database.read() as session:
        used = keys_in_use(session)
    return used | set(sealing_key_ids(bootstrap.blobs(settings), BLOB_PREFIX))
