"""Private files: only this user may read them, and they are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

PARTIAL_SUFFIX = ".new"  # of the name of a file that is still being written


def write_private(file: Path, content: bytes | Iterable[bytes]) -> None:
    """Replace a file atomically, so that a reader sees the old bytes or the new ones. Raises OSError.

    `content` may come in chunks; if iterating over them raises, the file stays as it was.
    """
    new = _write_partial(file, content)
    new.replace(file)
    fsync_folder(file.parent)


def create_private(file: Path, content: bytes) -> bool:
    """Create a file unless it exists; return whether it was created. Of several processes one creates it."""
    new = _write_partial(file, content)
    try:
        # Linking fails if the file exists, where renaming would replace it.
        os.link(new, file)
    except FileExistsError:
        return False
    finally:
        new.unlink()
    fsync_folder(file.parent)
    return True


def fsync_folder(folder: Path) -> None:
    """Write a folder's changed entries to disk, so that they survive a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_partial(file: Path, content: bytes | Iterable[bytes]) -> Path:
    """Write content to a new file beside `file` and sync it to disk; return its path. Raises OSError."""
    # A random name: two processes may write the same file at once.
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}{PARTIAL_SUFFIX}")
    try:
        # Private from the first moment; a chmod after writing would leave a gap.
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.writelines([content] if isinstance(content, bytes) else content)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new
