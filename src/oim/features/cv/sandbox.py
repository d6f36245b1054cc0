"""Reading a file in a child process that has little time and memory, and none of our secrets.

Parsers of PDF, DOCX and images are large and meet files of strangers: what breaks one must not reach the
keys, the database or the memory of this process. The child's own half is in `readers`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
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
from oim.features.cv.readers.limits import MAX_CHILDREN, MAX_OUTPUT_BYTES, QUEUE_TIMEOUT, WALL_TIMEOUT
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.features.cv.types import Text
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

MANY_SEND = mark("Many people are sending their CV now. Try again in a moment.")
# `-I`: isolated, so that neither PYTHONPATH nor the working folder or the user's packages add modules.
CHILD_COMMAND = (sys.executable, "-I", str(Path(readers.__path__[0]) / "__main__.py"))

_SLOTS = BoundedSemaphore(MAX_CHILDREN)  # global, since children count for the whole process
_PASSED_VARIABLES = ("PATH", "TESSDATA_PREFIX")  # environment variables; the others hold keys and addresses
# A negative exit code is the signal that ended the child.
_REFUSAL_BY_EXIT_CODE = {
    -signal.SIGXCPU: Refusal.TIME,
    -signal.SIGALRM: Refusal.TIME,
    -signal.SIGKILL: Refusal.BOMB,  # by the kernel, short of memory
}


@dataclass(frozen=True, slots=True)
class _RefusedAnswer:
    """The child's answer for a file that it refuses: `{"refused": CAUSE}`."""

    refused: Refusal


_ANSWER: TypeAdapter[Text | _RefusedAnswer] = TypeAdapter(Text | _RefusedAnswer)


def read_in_subprocess(file: int, charge: Callable[[float], None] = lambda _: None) -> Text:
    """Read the text of an open file in a child process, by the file's descriptor.

    `charge` is called with the seconds that the child took, whatever came of it. Raises BadInputError for a
    file that is refused, UnavailableError where too many wait.
    """
    if not _SLOTS.acquire(timeout=QUEUE_TIMEOUT):
        raise UnavailableError(MANY_SEND)
    started = monotonic()
    try:
        answer = _ANSWER.validate_json(run_command(CHILD_COMMAND, file, WALL_TIMEOUT))
    except RefusedError as error:
        raise refusal_error(error.cause) from None
    except ValidationError:
        raise refusal_error(Refusal.UNREADABLE) from None
    finally:
        _SLOTS.release()
        charge(monotonic() - started)
    if isinstance(answer, _RefusedAnswer):
        raise refusal_error(answer.refused)
    return answer


def find_isolation() -> dict[str, bool]:
    """Find what a reader of CVs is isolated from on this machine, each kept or not, as `isolate` names it."""
    with _open_nameless() as nothing:
        isolation: dict[str, bool] = json.loads(
            run_command((*CHILD_COMMAND, "isolation"), nothing.fileno(), WALL_TIMEOUT)
        )
    return isolation


def _open_nameless() -> IO[bytes]:
    """Open a new file without a name: in memory, where the system offers it."""
    return os.fdopen(os.memfd_create("cv"), "w+b") if hasattr(os, "memfd_create") else TemporaryFile()


@contextmanager
def open_descriptor(file: IO[bytes], max_bytes: int) -> Iterator[int]:
    """Give a descriptor of a copy of a file in memory, at most `max_bytes` of it, which a child can read.

    A spooled file is never asked for its own: it would write itself to a disk first.
    """
    with _open_nameless() as copy:
        file.seek(0)
        copy.write(file.read(max_bytes))
        copy.flush()
        yield copy.fileno()


def run_command(command: Sequence[str], file: int, timeout: float) -> bytes:
    """Run a program with a file as its standard input; return what it prints within `timeout` seconds.

    However it ends, neither the program nor anything that it started still runs afterwards. Raises
    RefusedError.
    """
    end = monotonic() + timeout
    environment = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    # The child shares this position, and whoever wrote the file left it at its end.
    os.lseek(file, 0, os.SEEK_SET)
    with Popen(  # noqa: S603 (ours, or a test's)
        command,
        stdin=file,
        stdout=PIPE,
        stderr=DEVNULL,
        # Tesseract would start a thread for each core.
        env={**environment, "OMP_THREAD_LIMIT": "1"},
        cwd="/",
        # A process group of its own, by which Tesseract is killed along with the child.
        start_new_session=True,
    ) as child:
        try:
            output = _read_output(child, end)
        finally:
            # Before the child is waited for: until then the system gives its number to no other process.
            os.killpg(child.pid, signal.SIGKILL)
    if child.returncode:
        logger(__name__).warning("a reader of CVs did not end well", code=child.returncode)
        raise RefusedError(_REFUSAL_BY_EXIT_CODE.get(child.returncode, Refusal.UNREADABLE))
    return output


def _read_output(child: Popen[bytes], end: float) -> bytes:
    """Read all that a child prints until it closes its output.

    Raises RefusedError when it prints too much, or has not ended at `end` (of the monotonic clock).
    """
    if child.stdout is None:
        raise TypeError("this child was started without a pipe")
    output = bytearray()
    # A selector, since a plain read has no timeout and a child that hangs would hold this thread for ever.
    with DefaultSelector() as selector:
        selector.register(child.stdout, EVENT_READ)
        while selector.select(max(0.0, end - monotonic())):
            part = os.read(child.stdout.fileno(), 65536)
            if not part:
                return bytes(output)
            output += part
            if len(output) > MAX_OUTPUT_BYTES:
                raise RefusedError(Refusal.UNREADABLE)
    raise RefusedError(Refusal.TIME)
