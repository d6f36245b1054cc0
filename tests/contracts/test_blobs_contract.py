"""Contract of `Blobs`, and how sealed blobs are read, listed and sealed anew."""

import os
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from people_factory import new_vault

from oim.adapters.blob_folder import FolderBlobs
from oim.kit.blob_links import BlobLink
from oim.kit.blobs import (
    Blobs,
    get_sealed,
    open_sealed,
    put_sealed,
    read_blob,
    reseal_blobs,
    sealing_key_ids,
)
from oim.kit.clock import now
from oim.kit.crypto import RingFile, Vault, change_ring, with_new_key
from oim.kit.crypto.sealed_stream import CHUNK_SIZE
from oim.kit.errors import NotFoundError, UnavailableError

KEY = "documents/a"
MEBIBYTE = 1 << 20


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return new_vault(tmp_path)


def test_a_blob_is_read_as_it_was_last_written(blobs: Blobs) -> None:
    blobs.put(KEY, b"one")
    blobs.put(KEY, b"two")
    assert read_blob(blobs, KEY) == b"two"
    assert read_blob(blobs, KEY) == b"two"


@pytest.mark.parametrize("chunks", [[], [b""], [b"one"], [b"on", b"", b"e"], [bytes(300_000), b"x"]])
def test_a_blob_is_written_in_chunks_of_any_size(blobs: Blobs, chunks: list[bytes]) -> None:
    blobs.put(KEY, iter(chunks))
    assert read_blob(blobs, KEY) == b"".join(chunks)


def test_a_deleted_blob_is_not_found(blobs: Blobs) -> None:
    blobs.put(KEY, b"one")
    blobs.delete(KEY)
    blobs.delete(KEY)
    with pytest.raises(NotFoundError):
        read_blob(blobs, KEY)


def test_a_blob_that_is_being_read_stays_whole_while_it_is_replaced_or_deleted(blobs: Blobs) -> None:
    blobs.put(KEY, b"a" * MEBIBYTE)
    with blobs.open(KEY) as chunks:
        first = next(chunks)
        blobs.put(KEY, b"b")
        blobs.delete(KEY)
        assert first + b"".join(chunks) == b"a" * MEBIBYTE


def test_a_writer_that_fails_half_way_leaves_the_blob_before(blobs: Blobs) -> None:
    def fail() -> Iterator[bytes]:
        yield b"half"
        raise UnavailableError("the source is gone")

    with pytest.raises(UnavailableError, match="source"):
        blobs.put(KEY, fail())
    assert list(blobs.keys("")) == []
    blobs.put(KEY, b"one")
    with pytest.raises(UnavailableError, match="source"):
        blobs.put(KEY, fail())
    assert read_blob(blobs, KEY) == b"one"


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
    with pytest.raises(ValueError, match="not a key"), blobs.open(key):
        pass


def test_a_signed_link_names_the_blob_and_differs_in_all_it_says(blobs: Blobs, vault: Vault) -> None:
    until = int((now() + timedelta(minutes=5)).timestamp())
    links = [
        BlobLink(KEY, until, "cv.pdf", "application/pdf"),
        BlobLink("documents/b", until, "cv.pdf", "application/pdf"),
        BlobLink(KEY, until + 1, "cv.pdf", "application/pdf"),
        BlobLink(KEY, until, "é & ?.pdf", "application/pdf"),
        BlobLink(KEY, until, "cv.pdf", "text/html"),
    ]
    signed = [blobs.sign_link(vault, link) for link in links]
    assert all(link.key in text for link, text in zip(links, signed, strict=True))
    assert len(set(signed)) == len({text.rpartition("=")[2] for text in signed}) == len(links)
    assert signed[0] == blobs.sign_link(vault, links[0])


# Sealed blobs


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE])
def test_sealed_content_of_any_size_is_read_as_it_was(blobs: Blobs, vault: Vault, size: int) -> None:
    content = os.urandom(size)
    put_sealed(blobs, vault, KEY, content)
    assert get_sealed(blobs, vault, KEY) == content
    stored = read_blob(blobs, KEY)
    assert size < 32 or content[:32] not in stored


def test_content_that_was_sealed_as_a_whole_still_opens(blobs: Blobs, vault: Vault) -> None:
    blobs.put(KEY, vault.seal(b"an older CV" * 10_000, f"blob:{KEY}"))
    assert get_sealed(blobs, vault, KEY) == b"an older CV" * 10_000
    assert list(sealing_key_ids(blobs, "")) == [vault.ring.current]


def test_sealed_content_opens_under_its_own_key_only(blobs: Blobs, vault: Vault) -> None:
    put_sealed(blobs, vault, KEY, b"a CV")
    blobs.put("documents/b", read_blob(blobs, KEY))
    with pytest.raises(UnavailableError):
        get_sealed(blobs, vault, "documents/b")


def _sealed_chunks(stored: bytes) -> tuple[bytes, list[bytes]]:
    head, size = 5 + 16, CHUNK_SIZE + 16  # version, id of the key and salt; a chunk with its tag
    return stored[:head], [stored[at : at + size] for at in range(head, len(stored), size)]


TAMPERING = {
    "last chunk cut off": lambda head, chunks: head + b"".join(chunks[:-1]),
    "cut within a chunk": lambda head, chunks: head + b"".join(chunks)[:-1],
    "all chunks cut off": lambda head, _: head,
    "cut within the salt": lambda head, _: head[:-1],
    "first chunk dropped": lambda head, chunks: head + b"".join(chunks[1:]),
    "chunks exchanged": lambda head, chunks: head + b"".join([chunks[1], chunks[0], *chunks[2:]]),
    "chunk repeated": lambda head, chunks: head + b"".join([chunks[0], *chunks]),
    "bytes added": lambda head, chunks: head + b"".join(chunks) + b"x",
    "last chunk repeated": lambda head, chunks: head + b"".join([*chunks, chunks[-1]]),
    "salt changed": lambda head, chunks: head[:-1] + bytes([head[-1] ^ 1]) + b"".join(chunks),
    "format changed": lambda head, chunks: b"\x01" + head[1:] + b"".join(chunks),
    "byte changed": lambda head, chunks: head + b"".join([chunks[0], b"x" + chunks[1][1:], *chunks[2:]]),
}


@pytest.mark.parametrize("how", TAMPERING)
@pytest.mark.parametrize("size", [3 * CHUNK_SIZE, 2 * CHUNK_SIZE + 100])
def test_sealed_content_that_was_tampered_with_does_not_open(
    blobs: Blobs, vault: Vault, how: str, size: int
) -> None:
    put_sealed(blobs, vault, KEY, os.urandom(size))
    blobs.put(KEY, TAMPERING[how](*_sealed_chunks(read_blob(blobs, KEY))))
    with pytest.raises(UnavailableError):
        get_sealed(blobs, vault, KEY)


def test_chunks_of_two_blobs_cannot_be_mixed(blobs: Blobs, vault: Vault) -> None:
    stored = []
    for _ in range(2):
        put_sealed(blobs, vault, KEY, os.urandom(2 * CHUNK_SIZE))
        stored.append(_sealed_chunks(read_blob(blobs, KEY)))
    (head, first), (_, second) = stored
    blobs.put(KEY, head + first[0] + second[1])
    with pytest.raises(UnavailableError):
        get_sealed(blobs, vault, KEY)


def test_a_large_file_is_sealed_and_read_in_bounded_memory(blobs: Blobs, vault: Vault) -> None:
    size = 100
    chunk = os.urandom(MEBIBYTE)
    tracemalloc.start()
    put_sealed(blobs, vault, KEY, (chunk for _ in range(size)))
    with open_sealed(blobs, vault, KEY) as chunks:
        length = sum(map(len, chunks))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length == size * MEBIBYTE
    assert peak < 8 * MEBIBYTE


class VanishingBlobs(FolderBlobs):
    """A store in which a blob is deleted by somebody else while the blobs are read one by one."""

    def open(self, key: str) -> AbstractContextManager[Iterator[bytes]]:
        self.delete("documents/b")
        return super().open(key)


def test_a_blob_deleted_during_a_listing_is_skipped(tmp_path: Path) -> None:
    vault, blobs = new_vault(tmp_path), VanishingBlobs(tmp_path / "blobs")
    for name in "abc":
        put_sealed(blobs, vault, f"documents/{name}", b"sealed")
    assert len(list(sealing_key_ids(blobs, "documents/"))) == 2
    change_ring(tmp_path / "ring.json", with_new_key)
    renewed = Vault(RingFile(tmp_path / "ring.json"))
    assert list(reseal_blobs(blobs, renewed, "documents/")) == ["documents/a", "documents/c"]


def test_resealing_replaces_both_forms_and_leaves_a_damaged_blob(tmp_path: Path, blobs: Blobs) -> None:
    vault = new_vault(tmp_path)
    blobs.put("documents/old", vault.seal(b"as a whole", "blob:documents/old"))
    put_sealed(blobs, vault, "documents/stream", bytes(3 * CHUNK_SIZE))
    change_ring(tmp_path / "ring.json", with_new_key)
    renewed = Vault(RingFile(tmp_path / "ring.json"))
    assert list(reseal_blobs(blobs, renewed, "")) == ["documents/old", "documents/stream"]
    assert set(sealing_key_ids(blobs, "")) == {renewed.ring.current}
    assert get_sealed(blobs, renewed, "documents/old") == b"as a whole"
    assert get_sealed(blobs, renewed, "documents/stream") == bytes(3 * CHUNK_SIZE)
    damaged = read_blob(blobs, "documents/stream")[:-1]
    blobs.put("documents/stream", damaged)
    change_ring(tmp_path / "ring.json", with_new_key)
    with pytest.raises(UnavailableError):
        list(reseal_blobs(blobs, Vault(RingFile(tmp_path / "ring.json")), "documents/stream"))
    assert read_blob(blobs, "documents/stream") == damaged


# The folder alone


def test_files_of_a_folder_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    FolderBlobs(tmp_path / "blobs").put(KEY, b"one")
    file = tmp_path / "blobs" / "documents" / "a"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(UnavailableError):
        FolderBlobs(tmp_path / "blobs").put(KEY, b"one")


def test_a_failed_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    blobs = FolderBlobs(tmp_path / "blobs")
    with monkeypatch.context() as here:
        here.setattr("oim.kit.files.os.fsync", raise_disk_full)
        with pytest.raises(UnavailableError):
            blobs.put(KEY, b"sealed")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
from oim.adapters.blob_folder import FolderBlobs

def chunks():
    yield b"new" * 100_000
    os.kill(os.getpid(), signal.SIGKILL)
    yield b"end"

FolderBlobs(Path(sys.argv[1])).put("documents/a", chunks())
"""


def test_a_writer_that_is_killed_half_way_leaves_the_blob_before(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    blobs.put(KEY, b"one")
    killed = subprocess.run([sys.executable, "-c", KILLED_WRITER, tmp_path / "blobs"], check=False)
    assert killed.returncode == -9
    assert len(list((tmp_path / "blobs" / "documents").iterdir())) == 2, "it had begun to write"
    assert read_blob(blobs, KEY) == b"one"
    assert list(blobs.keys("")) == [KEY]


def test_a_half_written_file_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    blobs.put(KEY, b"sealed")
    old, young = (tmp_path / "blobs" / "documents" / f"b.{name}.new" for name in ("1", "2"))
    for file in (old, young):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert list(blobs.keys("")) == [KEY]
    assert (old.exists(), young.exists()) == (False, True)
