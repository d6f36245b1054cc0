"""Files that only this user may read, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Replace a file at once, so that whoever reads it sees the old text or the new one. Raises OSError."""
    new = _written(file, text)
    new.replace(file)


def create_private(file: Path, text: str) -> bool:
    """Make a file unless it is there already; whether it was made. Of several at once, one makes it."""
    new = _written(file, text)
    try:
        os.link(new, file)
    except FileExistsError:
        return False
    finally:
        new.unlink()
    return True


def _written(file: Path, text: str) -> Path:
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return new
