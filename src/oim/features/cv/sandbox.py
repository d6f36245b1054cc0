"""Reading a file in a process of its own, which has little time and memory, and none of our secrets."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from time import monotonic
from typing import IO

from pydantic import TypeAdapter, ValidationError

from oim.features.cv import readers
from oim.features.cv.errors import refusal_error
from oim.features.cv.readers.limits import OCR_WALL_SECONDS
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.features.cv.types import Text
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

MAX_OUTPUT_BYTES = 1024 * 1024  # bytes of an answer
WALL_TIMEOUT = OCR_WALL_SECONDS + 5.0  # seconds; a child that keeps to its bounds ends sooner
MAX_CHILDREN = 2  # children of this process
QUEUE_TIMEOUT = 3.0  # seconds that one more file waits for its turn
CHILD_COMMAND = (sys.executable, "-I", str(Path(readers.__path__[0]) / "__main__.py"))

_SLOTS = BoundedSemaphore(MAX_CHILDREN)  # what it counts, children, belongs to the whole process
_PASSED_VARIABLES = ("PATH", "TESSDATA_PREFIX")  # of the environment: the rest holds keys and addresses
_REFUSAL_BY_EXIT_CODE = {  # by how a child ended
    -signal.SIGXCPU: Refusal.TIME,
    -signal.SIGALRM: Refusal.TIME,
    -signal.SIGKILL: Refusal.BOMB,  # by the system, short of memory
}


@dataclass(frozen=True, slots=True)
class _RefusedAnswer:
    refused: Refusal


_ANSWER: TypeAdapter[Text | _RefusedAnswer] = TypeAdapter(Text | _RefusedAnswer)


def read_in_subprocess(file: int) -> Text:
    """The text of a file, by its descriptor. Raises BadInputError, UnavailableError."""
    if not _SLOTS.acquire(timeout=QUEUE_TIMEOUT):
        raise UnavailableError(mark("Many people are sending their CV now. Try again in a moment."))
    try:
        answer = _ANSWER.validate_json(run_command(CHILD_COMMAND, file, WALL_TIMEOUT))
    except RefusedError as error:
        raise refusal_error(error.cause) from None
    except ValidationError:
        raise refusal_error(Refusal.UNREADABLE) from None
    finally:
        _SLOTS.release()
    if isinstance(answer, _RefusedAnswer):
        raise refusal_error(answer.refused)
    return answer


@contextmanager
def open_descriptor(file: IO[bytes], max_bytes: int) -> Iterator[int]:
    """The descriptor of a file; of one that is only in memory, that of a nameless copy."""
    try:
        held = file.fileno()
    except OSError:
        with TemporaryFile() as copy:
            file.seek(0)
            copy.write(file.read(max_bytes))
            copy.flush()
            yield copy.fileno()
    else:
        file.flush()
        yield held


def run_command(command: Sequence[str], file: int, timeout: float) -> bytes:
    """What a program prints of a file, in so many seconds by the clock. Raises RefusedError.

    Whatever happens, neither it nor a program that it started is left behind.
    """
    end = monotonic() + timeout
    kept = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    os.lseek(file, 0, os.SEEK_SET)
    with Popen(  # noqa: S603 (ours, or a test's)
        command,
        stdin=file,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**kept, "OMP_THREAD_LIMIT": "1"},
        cwd="/",
        start_new_session=True,
    ) as child:
        try:
            said = _read_output(child, end)
        finally:  # while its number is surely its own: it has not been waited for
            os.killpg(child.pid, signal.SIGKILL)
    if child.returncode:
        logger(__name__).warning("a reader of CVs did not end well", code=child.returncode)
        raise RefusedError(_REFUSAL_BY_EXIT_CODE.get(child.returncode, Refusal.UNREADABLE))
    return said


def _read_output(child: Popen[bytes], end: float) -> bytes:
    """All that a child prints until it ends. Raises RefusedError."""
    if child.stdout is None:
        raise TypeError("this child was started without a pipe")
    said = bytearray()
    with DefaultSelector() as waiting:
        waiting.register(child.stdout, EVENT_READ)
        while waiting.select(max(0.0, end - monotonic())):
            part = os.read(child.stdout.fileno(), 65536)
            if not part:
                return bytes(said)
            said += part
            if len(said) > MAX_OUTPUT_BYTES:
                raise RefusedError(Refusal.UNREADABLE)
    raise RefusedError(Refusal.TIME)
