"""The `Blobs` interface over a folder: a key is a path below it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from oim.kit.blob_links import BlobLink, sign_site_link
from oim.kit.crypto import Vault
from oim.kit.errors import NotFoundError, UnavailableError
from oim.kit.files import PARTIAL_SUFFIX, fsync_folder, write_private
from oim.kit.i18n import mark

# "documents/1f0c-…". No part of a key begins with a dot, so none leads out of the folder ("../x").
_KEY_PATTERN = re.compile(r"[A-Za-z0-9-][A-Za-z0-9.-]*(/[A-Za-z0-9-][A-Za-z0-9.-]*)*")
CHUNK_SIZE = 65_536  # bytes read at once
PARTIAL_MAX_AGE = 3600  # seconds; an older partial file is one whose writer was killed


class FolderBlobs:
    """Blobs as files that only this user may read, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes | Iterable[bytes]) -> None:
        """Write a file in place of the one before."""
        file = self._path(key)
        with _unavailable_on_error():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(file, content)

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        """Open a file for reading it in chunks. Raises NotFoundError, UnavailableError."""
        try:
            with _unavailable_on_error():
                file = self._path(key).open("rb")
        except FileNotFoundError:
            raise NotFoundError(mark("This file is no longer here.")) from None
        # Whoever replaces the file meanwhile writes another one: this stays the one that was opened.
        with file:
            yield _read_chunks(file)

    def delete(self, key: str) -> None:
        """Delete a file, durably; no error where there is none."""
        file = self._path(key)
        with _unavailable_on_error():
            file.unlink(missing_ok=True)
            # Else a power cut could bring the file back: what was erased must stay erased.
            if file.parent.is_dir():
                fsync_folder(file.parent)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys with a prefix, in order; delete partial files of killed writers on the way."""
        with _unavailable_on_error():
            files = [file for file in self._folder.rglob("*") if file.is_file()]
            _delete_stale_partials(files)
        names = sorted(
            file.relative_to(self._folder).as_posix() for file in files if file.suffix != PARTIAL_SUFFIX
        )
        yield from (name for name in names if name.startswith(prefix))

    def sign_link(self, vault: Vault, link: BlobLink) -> str:
        """Return a path of our site, which serves the file."""
        return sign_site_link(vault, link)

    def _path(self, key: str) -> Path:
        """The file of a key. Raises ValueError for what is no key."""
        if not _KEY_PATTERN.fullmatch(key):
            raise ValueError(f"not a key: {key}")
        return self._folder / key


def _read_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file, `CHUNK_SIZE` at a time. Raises UnavailableError."""
    with _unavailable_on_error():
        while chunk := file.read(CHUNK_SIZE):
            yield chunk


def _delete_stale_partials(files: list[Path]) -> None:
    """Delete partial files that a writer left behind when it was killed."""
    before = time.time() - PARTIAL_MAX_AGE
    for file in files:
        if file.suffix == PARTIAL_SUFFIX:
            with suppress(FileNotFoundError):  # its writer has just finished, or another process was faster
                if file.stat().st_mtime < before:
                    file.unlink()


@contextmanager
def _unavailable_on_error() -> Iterator[None]:
    """Turn errors of the file system into UnavailableError, except that a file does not exist."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnavailableError(mark("The store of files does not answer. Try again in a moment.")) from error
