"""The limits that the child process sets on itself; the kernel enforces them, on programs it starts too."""

from __future__ import annotations

import resource
import signal
from contextlib import suppress

from oim.features.cv.readers.limits import (
    CPU_SECONDS,
    DESCRIPTORS,
    FILE_SIZE,
    MEMORY,
    OCR_CPU_SECONDS,
    OCR_WALL_SECONDS,
    WALL_SECONDS,
)


def confine() -> None:
    """Limit this process; called before it reads the first byte of a file."""
    _set_limit(resource.RLIMIT_AS, MEMORY, MEMORY)
    # No dump of memory to a disk, should the process crash: it holds a person's CV.
    _set_limit(resource.RLIMIT_CORE, 0, 0)
    _set_limit(resource.RLIMIT_FSIZE, FILE_SIZE, FILE_SIZE)
    _set_limit(resource.RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS)
    # The soft limit ends the process with SIGXCPU, which tells the parent why; the hard limit leaves room for
    # `allow_ocr` to raise it.
    _set_limit(resource.RLIMIT_CPU, CPU_SECONDS, OCR_CPU_SECONDS + 1)
    # No further process, unless `allow_ocr` raises the soft limit again.
    _set_limit(resource.RLIMIT_NPROC, 0, resource.getrlimit(resource.RLIMIT_NPROC)[1])
    # Ends the process with SIGALRM: time spent waiting is no time of processor.
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def allow_ocr() -> None:
    """Widen the limits for pictures: more time, and starting Tesseract is allowed."""
    _set_limit(resource.RLIMIT_CPU, OCR_CPU_SECONDS, OCR_CPU_SECONDS + 1)
    programs = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    _set_limit(resource.RLIMIT_NPROC, programs, programs)
    signal.setitimer(signal.ITIMER_REAL, OCR_WALL_SECONDS)


def _set_limit(kind: int, soft: int, hard: int) -> None:
    """Set one limit; a system that does not support it still enforces the others."""
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, hard))
