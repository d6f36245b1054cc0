"""How full a disk is. Everybody asks here, so that all agree on when to warn and when to stop.

What fills a disk first (ingestion, tasks that can wait, logs) stops while there is still room for what may
not stop: signing in, codes, and the database's own log of changes.
"""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

LOW_SHARE = 0.10  # of the disk free: below it, a warning
LOW_BYTES = 200_000_000  # free: below it, a warning, however small the disk
FULL_BYTES = 100_000_000  # free: below it, what can wait waits


class DiskLevel(StrEnum):
    """How much room is left."""

    WELL = "well"
    LOW = "low"
    FULL = "full"


def measure_disk(folder: Path) -> tuple[int, int]:
    """Return the free bytes that this user may fill, and the size, of the disk that holds a folder."""
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def disk_level(folder: Path) -> DiskLevel:
    """Return how much room the disk of a folder has; that of a folder that does not exist is well."""
    try:
        free, total = measure_disk(folder)
    except OSError:
        return DiskLevel.WELL
    if free < FULL_BYTES:
        return DiskLevel.FULL
    return DiskLevel.LOW if free < max(LOW_BYTES, LOW_SHARE * total) else DiskLevel.WELL


def has_room(folder: Path) -> bool:
    """Return whether the disk of a folder has room for what could wait."""
    return disk_level(folder) is not DiskLevel.FULL
