"""Contract of `Blobs`, and how sealed blobs are listed and sealed anew."""

import os
import stat
from pathlib import Path

import pytest
from people_factory import new_vault

from oim.adapters.blob_folder import FolderBlobs
from oim.kit.blobs import Blobs, put_sealed, reseal_blobs, sealing_key_ids
from oim.kit.crypto import Vault, change_ring, with_new_key
from oim.kit.errors import NotFoundError, UnavailableError


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return FolderBlobs(tmp_path / "blobs")


def test_a_blob_is_read_as_it_was_last_written(blobs: Blobs) -> None:
    blobs.put("documents/a", b"one")
    blobs.put("documents/a", b"two")
    assert blobs.get("documents/a") == b"two"
    assert blobs.get("documents/a") == b"two"


def test_a_deleted_blob_is_not_found(blobs: Blobs) -> None:
    blobs.put("documents/a", b"one")
    blobs.delete("documents/a")
    blobs.delete("documents/a")
    with pytest.raises(NotFoundError):
        blobs.get("documents/a")


def test_keys_are_listed_by_prefix_in_order(blobs: Blobs) -> None:
    assert list(blobs.keys("")) == []
    for key in ("documents/b", "documents/a", "erasures/x"):
        blobs.put(key, b"")
    assert list(blobs.keys("documents/")) == ["documents/a", "documents/b"]
    assert list(blobs.keys("")) == ["documents/a", "documents/b", "erasures/x"]


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a//b", "a/", "a/../b", ".hidden", "a b", "é", "a\0b"]
)
def test_an_invalid_key_is_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        blobs.put(key, b"")


def test_files_of_a_folder_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    FolderBlobs(tmp_path / "blobs").put("documents/a", b"one")
    file = tmp_path / "blobs" / "documents" / "a"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(UnavailableError):
        FolderBlobs(tmp_path / "blobs").put("documents/a", b"one")


class VanishingBlobs(FolderBlobs):
    """A store in which a blob is deleted by somebody else while the blobs are read one by one."""

    def get(self, key: str) -> bytes:
        self.delete("documents/b")
        return super().get(key)


def test_a_blob_deleted_during_a_listing_is_skipped(tmp_path: Path) -> None:
    vault, blobs = new_vault(tmp_path), VanishingBlobs(tmp_path / "blobs")
    for name in "abc":
        put_sealed(blobs, vault, f"documents/{name}", b"sealed")
    assert len(list(sealing_key_ids(blobs, "documents/"))) == 2
    change_ring(tmp_path / "ring.json", with_new_key)
    renewed = Vault(tmp_path / "ring.json")
    assert list(reseal_blobs(blobs, renewed, "documents/")) == ["documents/a", "documents/c"]


def test_a_failed_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    blobs = FolderBlobs(tmp_path / "blobs")
    with monkeypatch.context() as here:
        here.setattr("oim.kit.files.os.fsync", raise_disk_full)
        with pytest.raises(UnavailableError):
            blobs.put("documents/a", b"sealed")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_half_written_file_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    blobs.put("documents/a", b"sealed")
    old, young = (tmp_path / "blobs" / "documents" / f"b.{name}.new" for name in ("1", "2"))
    for file in (old, young):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert list(blobs.keys("")) == ["documents/a"]
    assert (old.exists(), young.exists()) == (False, True)
