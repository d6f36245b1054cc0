"""The child that reads CVs reaches no file of ours, no network and no other process."""

import os
import socket
import sys
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from oim.features.cv import sandbox
from oim.features.cv.readers import isolation
from oim.features.cv.readers.result import RefusedError
from oim.features.cv.sandbox import find_isolation, run_command

# Each is an expression that raises where it is refused; {file} is a key ring, {parent} the process behind it.
ATTEMPTS = {
    "read the keys": "open({file!r}).read()",
    "list the folder of the keys": "os.listdir(os.path.dirname({file!r}))",
    "read the environment of its parent": "open('/proc/{parent}/environ').read()",
    "read the memory of its parent": "open('/proc/{parent}/mem', 'rb')",
    "read the settings of the machine": "open('/etc/passwd').read()",
    "write a file": "open({file!r} + '.new', 'w')",
    "open a connection": "socket.create_connection(('127.0.0.1', {port}), 5)",
    "open a socket without a connection": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open a socket of the machine": "socket.socket(socket.AF_UNIX)",
    "signal its parent": "os.kill({parent}, 0)",
    "have another program read the keys": "subprocess.run(['cat', {file!r}], check=True)",
}
# What the filter of system calls alone refuses, of a kernel whose Landlock stops no signal (before 6.12).
REACHES = {
    "signal all processes": "os.kill(-1, 0)",
    "signal its parent": "os.kill({parent}, 0)",
    "signal a thread of its parent": "call('tkill', {parent}, 0)",
    "signal a thread in its parent": "call('tgkill', {parent}, {parent}, 0)",
    "signal its parent by a descriptor": "signal.pidfd_send_signal(os.pidfd_open({parent}), 0)",
    "have a pipe signal its parent": "fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, {parent})",
    "have a pipe signal a group": "fcntl.fcntl(os.pipe()[0], 15, struct.pack('ii', 1, {parent}))",
    "limit its parent": "resource.prlimit({parent}, resource.RLIMIT_CPU)",
    "slow its parent down": "os.setpriority(os.PRIO_PROCESS, {parent}, os.getpriority(0, 0))",
    "move its parent to other cores": "os.sched_setaffinity({parent}, os.sched_getaffinity({parent}))",
}
# What must go on: limits of its own, flags of its own files, another program, and its end.
OWN = {
    "limit itself": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
    "flag a pipe": "fcntl.fcntl(os.pipe()[0], fcntl.F_SETFL, os.O_NONBLOCK)",
    "run a program": "subprocess.run(['true'], check=True)",
}
PROGRAM = """
import ctypes, fcntl, os, resource, runpy, signal, socket, struct, subprocess, sys
NUMBERS = {"tkill": (200, 130), "tgkill": (234, 131)}
def call(name, *arguments):
    number = NUMBERS[name][os.uname().machine == "aarch64"]
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments):
        raise OSError(ctypes.get_errno(), name)
module = runpy.run_path(sys.argv[2])
if sys.argv[1] == "isolated":
    module["isolate"]()
if sys.argv[1] == "filtered":
    libc = ctypes.CDLL(None)
    libc.prctl(38, 1, 0, 0, 0)
    module["_forbid_calls"](libc)
try:
    eval(sys.argv[3])
except (OSError, subprocess.CalledProcessError):
    print("refused")
"""


@pytest.fixture(scope="module")
def is_isolated() -> None:
    if not all(find_isolation().values()):
        pytest.skip("the kernel has no Landlock or no seccomp")


@pytest.fixture(scope="module")
def is_filtered() -> None:
    if not find_isolation()["processes"]:
        pytest.skip("the kernel has no seccomp, or we know no numbers of its system calls")


def attempt(expression: str, file: Path, kind: str) -> bool:
    """Whether the expression can be evaluated in a child."""
    with TemporaryFile() as nothing, socket.create_server(("127.0.0.1", 0)) as server:
        filled = expression.format(file=str(file), parent=os.getpid(), port=server.getsockname()[1])
        arguments = (kind, str(isolation.__file__), filled)
        output = run_command((sys.executable, "-I", "-c", PROGRAM, *arguments), nothing.fileno(), 20.0)
    return b"refused" not in output


@pytest.mark.usefixtures("is_isolated")
@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_child_cannot(name: str, tmp_path: Path) -> None:
    ring = tmp_path / "ring.json"
    ring.write_text("keys")
    assert attempt(ATTEMPTS[name], ring, "free"), "the control: it is possible without"
    assert not attempt(ATTEMPTS[name], ring, "isolated")


@pytest.mark.usefixtures("is_filtered")
@pytest.mark.parametrize("name", REACHES)
def test_a_child_reaches_no_process_on_an_older_kernel_either(name: str, tmp_path: Path) -> None:
    if not attempt(REACHES[name], tmp_path, "free"):
        pytest.skip("this system does not offer it to anybody")
    assert not attempt(REACHES[name], tmp_path, "filtered")


@pytest.mark.usefixtures("is_filtered")
@pytest.mark.parametrize("name", OWN)
def test_a_child_may_do_what_is_its_own(name: str, tmp_path: Path) -> None:
    assert attempt(OWN[name], tmp_path, "filtered")


@pytest.mark.usefixtures("is_filtered")
def test_a_child_that_aborts_ends(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        attempt("os.abort()", tmp_path, "filtered")


def test_the_child_says_what_holds_on_this_machine() -> None:
    assert find_isolation().keys() == {"files", "network", "processes"}


def test_a_kernel_that_offers_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert isolation._forbid_calls(None) is False  # type: ignore[arg-type]


def test_a_copy_for_the_child_has_no_name_on_a_disk() -> None:
    if not hasattr(os, "memfd_create"):
        pytest.skip("this system has no files in memory")
    with sandbox._open_nameless() as file:
        assert str(Path(f"/proc/self/fd/{file.fileno()}").readlink()).startswith("/memfd:")
