"""The child process has limits and no secrets, and leaves nothing running behind."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryFile
from time import monotonic, sleep

import file_factory as files
import psutil
import pytest
from PIL import Image
from sandboxed_reading import NO_TESSERACT, cause, read

from oim.features.cv import sandbox
from oim.features.cv.readers import limits
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.features.cv.sandbox import open_descriptor, run_command
from oim.kit.errors import UnavailableError

HANGING_PROGRAM = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


@pytest.fixture
def file() -> Iterator[int]:
    with TemporaryFile() as temporary:
        yield temporary.fileno()


def _python(code: str, *arguments: str) -> tuple[str, ...]:
    return sys.executable, "-I", "-c", code, *arguments


def _has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE  # nobody waits for an orphan here
    except psutil.NoSuchProcess:
        return True


def test_a_child_that_hangs_is_killed_with_all_that_it_started(file: int, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with pytest.raises(RefusedError) as refused:
        run_command(_python(HANGING_PROGRAM, str(note)), file, 1.5)
    assert refused.value.cause is Refusal.TIME
    grandchild = int(note.read_text())
    deadline = monotonic() + 5
    while not _has_ended(grandchild) and monotonic() < deadline:
        sleep(0.01)
    assert _has_ended(grandchild)


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
def test_every_abnormal_end_of_a_child_is_a_refusal(file: int, code: str, expected: Refusal) -> None:
    with pytest.raises(RefusedError) as refused:
        run_command(_python(code), file, 10.0)
    assert refused.value.cause is expected


def test_a_child_gets_none_of_our_settings(file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIM_DATABASE_URL", "postgresql://secret@example/oim")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    output = run_command(_python("import os; print(sorted(os.environ))"), file, 10.0).decode()
    assert "OIM_" not in output
    assert "AWS" not in output


def test_a_child_limits_itself(file: int) -> None:
    code = (
        # The stand-in of `readers/__main__.py`, without which the whole feature would be imported.
        "import resource, sys, types; name = 'oim.features.cv'; sys.modules[name] = types.ModuleType(name);"
        "sys.modules[name].__path__ = [sys.argv[1]];"
        "from oim.features.cv.readers.confinement import confine; confine();"
        "print([resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU,"
        " resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)])"
    )
    output = run_command(_python(code, str(Path(limits.__file__).parents[1])), file, 10.0).decode()
    memory, seconds = (limits.MEMORY,) * 2, (limits.CPU_SECONDS, limits.OCR_CPU_SECONDS + 1)
    assert output.strip() == str([memory, seconds, (0, 0), (0, 0), (limits.DESCRIPTORS,) * 2])


@NO_TESSERACT
def test_a_picture_that_would_take_all_memory_is_a_bomb() -> None:
    packed = BytesIO()
    Image.new("RGBA", (7_000, 7_100)).save(packed, "PNG", compress_level=1)
    assert cause(packed.getvalue()) in {Refusal.BOMB, Refusal.TIME}  # a slow machine does not come so far


def test_a_file_that_waits_too_long_for_its_turn_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "QUEUE_TIMEOUT", 0.05)
    with ExitStack() as slots:
        for _ in range(sandbox.MAX_CHILDREN):
            slots.enter_context(sandbox._SLOTS)
        with pytest.raises(UnavailableError):
            read(files.docx())
    assert read(files.docx()).lines == files.CV


def test_several_files_are_read_at_once() -> None:
    texts: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: texts.append(read(files.docx()).lines)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [files.CV] * 4


def test_a_descriptor_is_opened_for_files_in_memory_and_spooled_ones() -> None:
    with BytesIO(b"0123456789") as memory, SpooledTemporaryFile(max_size=100) as spooled:
        spooled.write(b"0123456789")
        for file in (memory, spooled):
            with open_descriptor(file, 10) as opened:
                assert os.pread(opened, 10, 0) == b"0123456789"


def test_no_process_is_left_after_a_file_was_read() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    read(files.docx())
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
