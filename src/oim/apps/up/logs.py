"""The children's logs: kept small while the children write to them, and read for their last lines."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LOG_LIMIT = 10_000_000  # bytes, beyond which a log is rotated
LOGS_KEPT = 2  # rotated ones, beside the one that is written
DROP_LIMIT = 1_000_000  # bytes, beyond which a log is emptied when the disk is full
LOG_TAIL = 65_536  # bytes of a log that are read: enough for a probe and for an error's last lines


def rotate_log(log: Path) -> bool:
    """Move what a log holds to `<name>.1` once it has grown too long; return whether it did.

    The file is copied and emptied, not renamed: its writer keeps it open, and appends to it.
    """
    if not log.exists() or log.stat().st_size <= LOG_LIMIT:
        return False
    for number in range(LOGS_KEPT, 1, -1):
        if (older := _rotated(log, number - 1)).exists():
            older.replace(_rotated(log, number))
    shutil.copyfile(log, _rotated(log, 1))
    os.truncate(log, 0)
    return True


def drop_log(log: Path) -> bool:
    """Delete the rotated files of a log, and empty it if it is long; return whether it was emptied."""
    for number in range(1, LOGS_KEPT + 1):
        _rotated(log, number).unlink(missing_ok=True)
    if not log.exists() or log.stat().st_size <= DROP_LIMIT:
        return False
    os.truncate(log, 0)
    return True


def _rotated(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")


def read_tail(log: Path, start: int) -> str:
    """Read what a log holds from this position on, at most the last `LOG_TAIL` bytes.

    Nothing if the file is gone.
    """
    if not log.exists():
        return ""
    with log.open("rb") as lines:
        lines.seek(max(start, lines.seek(0, os.SEEK_END) - LOG_TAIL))
        return lines.read().decode(errors="replace")
