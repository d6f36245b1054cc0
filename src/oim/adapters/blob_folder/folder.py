"""The `Blobs` port over a folder: a key is a path below it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from oim.kit.errors import NotFoundError, UnavailableError
from oim.kit.i18n import mark

_KEY = re.compile(r"[A-Za-z0-9-][A-Za-z0-9.-]*(/[A-Za-z0-9-][A-Za-z0-9.-]*)*")
_NEW = ".new"


class FolderBlobs:
    """Files that only this user may read, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        file = self._path(key)
        new = file.with_name(f"{file.name}.{uuid4().hex}{_NEW}")
        with _answering():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            new.replace(file)
            _settle(file.parent)

    def get(self, key: str) -> bytes:
        try:
            with _answering():
                return self._path(key).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(mark("This file is not kept here any more.")) from None

    def delete(self, key: str) -> None:
        file = self._path(key)
        with _answering():
            file.unlink(missing_ok=True)
            if file.parent.is_dir():
                _settle(file.parent)

    def keys(self, prefix: str) -> Iterator[str]:
        with _answering():
            files = [file for file in self._folder.rglob("*") if file.is_file() and file.suffix != _NEW]
        names = sorted(file.relative_to(self._folder).as_posix() for file in files)
        yield from (name for name in names if name.startswith(prefix))

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key}")
        return self._folder / key


def _settle(folder: Path) -> None:
    """Have the folder itself know of the change after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnavailableError(mark("The store of files does not answer. Try again in a moment.")) from error
