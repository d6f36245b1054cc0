"""The child that reads CVs reaches no file of ours, no network and no other process."""

import os
import socket
import sys
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from oim.features.cv import sandbox
from oim.features.cv.readers import isolation
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
PROGRAM = """
import os, runpy, socket, subprocess, sys
if sys.argv[1] == "isolated":
    runpy.run_path(sys.argv[2])["isolate"]()
try:
    eval(sys.argv[3])
except (OSError, subprocess.CalledProcessError):
    print("refused")
"""


@pytest.fixture(scope="module")
def is_isolated() -> None:
    if not all(find_isolation().values()):
        pytest.skip("the kernel has no Landlock or no seccomp")


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


def test_the_child_says_what_holds_on_this_machine() -> None:
    assert find_isolation().keys() == {"files", "network"}


def test_a_kernel_that_offers_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert isolation._forbid_calls(None) is False  # type: ignore[arg-type]


def test_a_copy_for_the_child_has_no_name_on_a_disk() -> None:
    if not hasattr(os, "memfd_create"):
        pytest.skip("this system has no files in memory")
    with sandbox._open_nameless() as file:
        assert str(Path(f"/proc/self/fd/{file.fileno()}").readlink()).startswith("/memfd:")
