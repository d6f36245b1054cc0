"""The child is bounded, holds no secrets, and leaves nothing running behind."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryFile
from time import monotonic, sleep

import file_factory as made
import psutil
import pytest
from PIL import Image
from sandboxed_reading import NO_TESSERACT, cause, read

from oim.features.cv import sandbox
from oim.features.cv.readers import limits
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.features.cv.sandbox import open_descriptor, run_command
from oim.kit.errors import UnavailableError

HANGS = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


@pytest.fixture
def file() -> Iterator[int]:
    with TemporaryFile() as held:
        yield held.fileno()


def _python(code: str, *arguments: str) -> tuple[str, ...]:
    return sys.executable, "-I", "-c", code, *arguments


def _is_over(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE  # nobody waits for an orphan here
    except psutil.NoSuchProcess:
        return True


def test_a_child_that_hangs_is_ended_with_all_that_it_started(file: int, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with pytest.raises(RefusedError) as refused:
        run_command(_python(HANGS, str(note)), file, 1.5)
    assert refused.value.cause is Refusal.TIME
    grandchild = int(note.read_text())
    until = monotonic() + 5
    while not _is_over(grandchild) and monotonic() < until:
        sleep(0.01)
    assert _is_over(grandchild)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Refusal.TIME),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Refusal.BOMB),
        ("import os; os.abort()", Refusal.UNREADABLE),
        ("raise SystemExit(3)", Refusal.UNREADABLE),
        ("while True: print('x' * 65536)", Refusal.UNREADABLE),
    ],
)
def test_however_a_child_ends_it_is_a_refusal(file: int, code: str, expected: Refusal) -> None:
    with pytest.raises(RefusedError) as refused:
        run_command(_python(code), file, 10.0)
    assert refused.value.cause is expected


def test_a_child_is_told_none_of_our_settings(file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIM_DATABASE_URL", "postgresql://secret@example/oim")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    told = run_command(_python("import os; print(sorted(os.environ))"), file, 10.0).decode()
    assert "OIM_" not in told
    assert "AWS" not in told


def test_a_child_bounds_itself(file: int) -> None:
    code = (
        "import runpy, resource, sys; held = runpy.run_path(sys.argv[1]); held['confine']();"
        "print([resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU,"
        " resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)])"
    )
    told = run_command(_python(code, limits.__file__), file, 10.0).decode()
    memory, seconds = (limits.MEMORY,) * 2, (limits.CPU_SECONDS, limits.OCR_CPU_SECONDS + 1)
    assert told.strip() == str([memory, seconds, (0, 0), (0, 0), (limits.DESCRIPTORS,) * 2])


@NO_TESSERACT
def test_a_picture_that_would_take_all_memory_is_a_bomb() -> None:
    packed = BytesIO()
    Image.new("RGBA", (7_000, 7_100)).save(packed, "PNG", compress_level=1)
    assert cause(packed.getvalue()) in {Refusal.BOMB, Refusal.TIME}  # a slow machine does not come so far


def test_one_more_than_are_read_at_once_waits_and_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "QUEUE_TIMEOUT", 0.05)
    with ExitStack() as others:
        for _ in range(sandbox.MAX_CHILDREN):
            others.enter_context(sandbox._SLOTS)
        with pytest.raises(UnavailableError):
            read(made.docx())
    assert read(made.docx()).lines == made.CV


def test_several_are_read_at_once() -> None:
    told: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: told.append(read(made.docx()).lines)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [made.CV] * 4


def test_a_file_in_memory_and_one_spooled_have_descriptors() -> None:
    with BytesIO(b"0123456789") as memory, SpooledTemporaryFile(max_size=100) as spooled:
        spooled.write(b"0123456789")
        for file in (memory, spooled):
            with open_descriptor(file, 10) as opened:
                assert os.pread(opened, 10, 0) == b"0123456789"


def test_nothing_of_a_child_is_left_after_it_answered() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    read(made.docx())
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
