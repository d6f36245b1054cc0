"""What the child allows itself. The system holds it, and the programs that it starts, to these."""

from __future__ import annotations

import resource
import signal
from contextlib import suppress

MEMORY = 512 * 1024 * 1024  # bytes of address space, for each process
DESCRIPTORS = 32
FILE_SIZE = 0  # bytes in any file: texts of people go nowhere but through the pipe
CPU_SECONDS = 4  # of processor, for files that hold text
OCR_CPU_SECONDS = 20  # of processor, for the child and for each page that Tesseract reads
WALL_SECONDS = 4.3  # seconds by the clock, for files that hold text
OCR_WALL_SECONDS = 30.0  # seconds by the clock, for files that hold pictures


def confine() -> None:
    """Bound this process, before it reads the first byte."""
    _set_limit(resource.RLIMIT_AS, MEMORY, MEMORY)
    _set_limit(resource.RLIMIT_CORE, 0, 0)
    _set_limit(resource.RLIMIT_FSIZE, FILE_SIZE, FILE_SIZE)
    _set_limit(resource.RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS)
    _set_limit(
        resource.RLIMIT_CPU, CPU_SECONDS, OCR_CPU_SECONDS + 1
    )  # the soft one says by its signal what it was
    _set_limit(resource.RLIMIT_NPROC, 0, resource.getrlimit(resource.RLIMIT_NPROC)[1])
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def allow_ocr() -> None:
    """Bounds for pictures: more time, and leave to start Tesseract."""
    _set_limit(resource.RLIMIT_CPU, OCR_CPU_SECONDS, OCR_CPU_SECONDS + 1)
    programs = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    _set_limit(resource.RLIMIT_NPROC, programs, programs)
    signal.setitimer(signal.ITIMER_REAL, OCR_WALL_SECONDS)


def _set_limit(kind: int, soft: int, hard: int) -> None:
    """Some systems know a limit and refuse to hold it: the others still do."""
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, hard))
