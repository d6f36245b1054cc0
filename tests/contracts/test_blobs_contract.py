"""What every `Blobs` does alike."""

import stat
from pathlib import Path

import pytest

from oim.adapters.blob_folder import FolderBlobs
from oim.kit.blobs import Blobs
from oim.kit.errors import NotFoundError, UnavailableError


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return FolderBlobs(tmp_path / "blobs")


def test_what_was_put_is_got(blobs: Blobs) -> None:
    blobs.put("documents/a", b"one")
    blobs.put("documents/a", b"two")
    assert blobs.get("documents/a") == b"two"
    assert blobs.get("documents/a") == b"two"


def test_what_was_deleted_is_gone(blobs: Blobs) -> None:
    blobs.put("documents/a", b"one")
    blobs.delete("documents/a")
    blobs.delete("documents/a")
    with pytest.raises(NotFoundError):
        blobs.get("documents/a")


def test_keys_are_told_by_their_beginning_in_order(blobs: Blobs) -> None:
    assert list(blobs.keys("")) == []
    for key in ("documents/b", "documents/a", "erasures/x"):
        blobs.put(key, b"")
    assert list(blobs.keys("documents/")) == ["documents/a", "documents/b"]
    assert list(blobs.keys("")) == ["documents/a", "documents/b", "erasures/x"]


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a//b", "a/", "a/../b", ".hidden", "a b", "é", "a\0b"]
)
def test_what_is_no_key_reaches_nothing(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        blobs.put(key, b"")


def test_a_folder_keeps_files_to_its_owner(tmp_path: Path) -> None:
    FolderBlobs(tmp_path / "blobs").put("documents/a", b"one")
    file = tmp_path / "blobs" / "documents" / "a"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_away(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(UnavailableError):
        FolderBlobs(tmp_path / "blobs").put("documents/a", b"one")
