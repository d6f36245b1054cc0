"""Files that only this user may read, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PARTIAL_SUFFIX = ".new"  # ends the name of a file that is being written


def write_private(file: Path, content: bytes) -> None:
    """Replace a file at once, so that whoever reads it sees the old bytes or the new ones. Raises OSError."""
    new = _write_partial(file, content)
    new.replace(file)
    fsync_folder(file.parent)


def create_private(file: Path, content: bytes) -> bool:
    """Make a file unless it is there already; whether it was made. Of several at once, one makes it."""
    new = _write_partial(file, content)
    try:
        os.link(new, file)
    except FileExistsError:
        return False
    finally:
        new.unlink()
    fsync_folder(file.parent)
    return True


def fsync_folder(folder: Path) -> None:
    """Have a folder itself know of a change after a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_partial(file: Path, content: bytes) -> Path:
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}{PARTIAL_SUFFIX}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new
