"""What of a running OIM does not work at present: parts that ended and are started again, and a full disk.

The processes that start others (`oim up`, the workers' parent) each write one small file into the home's
folder `run`; whoever tells people reads them all: `/healthz`, `oim doctor`, the pages of staff. Where nobody
writes one, only the disk is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from oim.kit import files
from oim.kit.disk import DiskLevel, disk_level

DISK = "disk"
SUFFIX = ".health.json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One part that does not work. `cause` may be shown to anybody; `line`, of its log, to operators only."""

    part: str
    cause: str
    since: datetime | None = None  # None where nobody noted it
    line: str = ""


FindFaults = Callable[[], tuple[Fault, ...]]


def no_faults() -> tuple[Fault, ...]:
    """Find none: for applications that have no home."""
    return ()


def publish_faults(home: Path, owner: str, parts: Mapping[str, Fault | None]) -> bool:
    """Write what one process knows of the parts that it started (None: ready); return whether that is done.

    It is not while the disk is full. Where the home has no folder `run` nobody runs `oim up`: there is nobody
    to tell, now or later.
    """
    states = {part: {"ready": True} if fault is None else _to_json(fault) for part, fault in parts.items()}
    try:
        files.write_private(_file(home, owner), json.dumps(states, indent=1).encode())
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def withdraw_faults(home: Path) -> None:
    """Delete what all processes wrote: they have ended, or ended before these were started."""
    for file in _list_files(home):
        file.unlink(missing_ok=True)


def is_supervised(home: Path) -> bool:
    """Return whether somebody says there how the parts of a running OIM do."""
    return bool(_list_files(home))


def read_faults(home: Path) -> tuple[Fault, ...]:
    """Read the faults of all parts, and look at the disk of the home."""
    faults = [fault for file in _list_files(home) for fault in _read_file(file)]
    level = disk_level(home)
    return (*faults, *([] if level is DiskLevel.WELL else [Fault(DISK, level.value)]))


def _file(home: Path, owner: str) -> Path:
    return home / "run" / f"{owner}{SUFFIX}"


def _list_files(home: Path) -> list[Path]:
    return sorted((home / "run").glob(f"*{SUFFIX}"))


def _to_json(fault: Fault) -> dict[str, object]:
    since = fault.since.isoformat() if fault.since else None
    return {"ready": False, "cause": fault.cause, "since": since, "line": fault.line}


def _read_file(file: Path) -> Iterator[Fault]:
    """Read the faults of one file; none where it is missing or broken: nothing may fail for want of it."""
    try:
        for part, state in json.loads(file.read_bytes()).items():
            if not state["ready"]:
                since = datetime.fromisoformat(state["since"]) if state["since"] else None
                yield Fault(part, state["cause"], since, state["line"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
