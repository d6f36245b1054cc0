"""Key rotation: it runs while others read and write, and afterwards nothing is sealed by the old key."""

import threading
import time
from pathlib import Path

import pytest
from people_factory import add_known, add_people, person, save_profile
from sqlalchemy import func, select

from oim.adapters.blob_folder import FolderBlobs
from oim.features import people
from oim.features.matching.profile import Profile
from oim.features.people import Channel, Contact
from oim.features.people.models import PersonRow
from oim.kit.blobs import get_sealed, put_sealed, read_blob, reseal_blobs
from oim.kit.crypto import (
    RingFile,
    Vault,
    change_ring,
    create_ring,
    read_ring,
    sealing_key_id,
    with_new_key,
    without_key,
)
from oim.kit.crypto import vault as vaults
from oim.kit.db import Database
from oim.kit.db.rotation import keys_in_use, reseal
from oim.kit.db.sealed import sealed_columns

PHONE = Contact(Channel.SMS, "+237677123456")


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    create_ring(tmp_path / "ring.json")
    return tmp_path / "ring.json"


def test_rotation_under_load_breaks_no_request(
    database: Database, postgres: str, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vaults, "RELOAD_INTERVAL", 0.05)
    served, rotating = Database(postgres, Vault(RingFile(ring))), Database(postgres, Vault(RingFile(ring)))
    ids = [add_known(served, PHONE, f"Awa {number}") for number in range(30)]
    add_people(served, name="Biya")
    failures: list[BaseException] = []
    reads, stop = [0], threading.Event()

    # One user of four: reads all the time, and changes a name now and then, while keys rotate.
    def use(start: int) -> None:
        turn = start
        while not stop.is_set():
            id_ = ids[turn % len(ids)]
            try:
                with served.write() as session:
                    people.get(session, person(id_), id_)
                    if turn % 7 == 0:
                        people.change_name(session, person(id_), id_, f"Awa {turn}", "fr")
            # Collected, since an exception in a thread would not fail the test.
            except BaseException as error:
                failures.append(error)
            reads[0] += 1
            turn += 1

    users = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for user in users:
        user.start()
    old = read_ring(ring).current
    for _ in range(3):
        change_ring(ring, with_new_key)
        time.sleep(0.2)  # by then every process seals by the new key
        assert reseal(rotating, rotating.vault) > 0
    stop.set()
    for user in users:
        user.join()
    assert failures == []
    assert reads[0] > 100
    with rotating.read() as session:
        assert keys_in_use(session) == {read_ring(ring).current}
    change_ring(ring, lambda current_ring: without_key(current_ring, old))
    with_new_ring = Database(postgres, Vault(RingFile(ring)))
    with with_new_ring.write() as session:
        assert people.get(session, person(ids[0]), ids[0]).name.startswith("Awa")
    for database_ in (served, rotating, with_new_ring):
        database_.close()


def test_an_interrupted_rotation_is_completed_by_the_next(
    database: Database, postgres: str, ring: Path
) -> None:
    sealed_database = Database(postgres, Vault(RingFile(ring)))
    add_people(sealed_database, name="Awa")
    save_profile(sealed_database, add_people(sealed_database)[0], Profile(text="couture"))
    change_ring(ring, with_new_key)
    vault = Vault(RingFile(ring))

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    # Interrupted after its first batch, which is committed.
    with pytest.raises(KeyboardInterrupt):
        reseal(sealed_database, vault, interrupt)
    assert reseal(sealed_database, vault) > 0
    assert reseal(sealed_database, vault) == 0
    with sealed_database.read() as session:
        assert keys_in_use(session) == {vault.ring.current}
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 2
    sealed_database.close()


def test_every_personal_column_is_sealed() -> None:
    sealed = {f"{table.name}.{column.name}" for table, column in sealed_columns()}
    assert sealed >= {
        "people.name",
        "contacts.value",
        "profiles.profile",
        "profiles.vector",
        "digests.items",
        "messages.address",
        "messages.payload",
        "staff.name",
        "staff.email",
        "staff.totp",
    }


def test_files_are_resealed_too(tmp_path: Path, ring: Path) -> None:
    blobs, vault = FolderBlobs(tmp_path / "blobs"), Vault(RingFile(ring))
    put_sealed(blobs, vault, "documents/1", b"a CV")
    put_sealed(blobs, vault, "documents/2", b"another")
    change_ring(ring, with_new_key)
    new_vault = Vault(RingFile(ring))
    assert list(reseal_blobs(blobs, new_vault, "documents/")) == ["documents/1", "documents/2"]
    assert list(reseal_blobs(blobs, new_vault, "documents/")) == []
    assert {sealing_key_id(read_blob(blobs, key)) for key in blobs.keys("")} == {new_vault.ring.current}
    assert get_sealed(blobs, vault, "documents/1") == b"a CV"
